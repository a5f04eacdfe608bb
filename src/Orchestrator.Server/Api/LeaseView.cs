namespace Orchestrator.Server.Api;

/// <summary>How a rented host is bounded should no server be heard of any more.</summary>
/// <param name="Seconds">How long it goes on, from when it was last heard; then it saves and ends itself. Null = it does not.</param>
/// <param name="PerHour">What it costs meanwhile, disk included, dollars.</param>
public sealed record LeaseView(double? Seconds, decimal PerHour)
{
    /// <summary>Where it has no lease yet: so long after its start it ends itself; null = it does not.</summary>
    public double? AloneSeconds { get; init; }

    /// <summary>Why it does not end itself, where its provider would let it.</summary>
    public string? Why { get; init; }
}
