namespace Orchestrator.Engine.Store;

/// <summary>Nothing new begins on a host; what runs there goes on.</summary>
public sealed record HostBan
{
    /// <summary>As offers name it.</summary>
    public string Host { get; init; } = "";

    public string? Reason { get; init; }

    /// <summary>Who said so.</summary>
    public string By { get; init; } = "";

    public DateTimeOffset At { get; init; }

    /// <summary>Null = until it is pardoned.</summary>
    public DateTimeOffset? Until { get; init; }
}
