namespace Orchestrator.Providers.SshHost;

/// <summary>A person's word that nothing new begins on a machine; what runs there goes on.</summary>
public sealed record MachineBan
{
    public required string Machine { get; init; }

    public string? Reason { get; init; }

    /// <summary>Who said so.</summary>
    public string By { get; init; } = "";

    public DateTimeOffset At { get; init; }

    public override string ToString() => Reason is null ? "banned" : "banned: " + Reason;
}
