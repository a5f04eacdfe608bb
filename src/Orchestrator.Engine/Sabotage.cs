namespace Orchestrator.Engine;

/// <summary>Switches that break one safety rule on purpose, so that the drills can prove they would notice. Off unless <c>ORCHESTRATOR_SABOTAGE</c> names one.</summary>
public static class Sabotage
{
    private static readonly string _named = Environment.GetEnvironmentVariable("ORCHESTRATOR_SABOTAGE") ?? "";

    /// <summary>A lost create reply is answered by creating again at once, without looking for the label.</summary>
    public static bool NoLabelLookup { get; } = _named == "no-label-lookup";

    /// <summary>Leases and fencing tokens are taken but not checked.</summary>
    public static bool NoFencing { get; } = _named == "no-fencing";

    /// <summary>A destroy that was accepted is taken for done, and nobody looks whether the instance went.</summary>
    public static bool TrustDestroy { get; } = _named == "trust-destroy";

    /// <summary>Rented hosts are given no lease: they go on for ever when nobody is heard of.</summary>
    public static bool NoLease { get; } = _named == "no-lease";
}
