namespace Orchestrator.Planning.Hosts;

/// <summary>What is known of one host. Counts are plain; <see cref="BootShare"/> forgets as the planner does.</summary>
public sealed record HostRecord
{
    /// <summary>As offers name it.</summary>
    public required string Host { get; init; }

    /// <summary>Canonical name of its cards, when it was used last; null = none.</summary>
    public string? Gpu { get; init; }

    /// <summary>Launches whose outcome is known.</summary>
    public int Launches { get; init; }

    public int NeverReady { get; init; }

    /// <summary>Of the launches that got ready, the one in the middle; null = none did.</summary>
    public TimeSpan? ReadyIn { get; init; }

    /// <summary>For how long our instances were there.</summary>
    public TimeSpan Lived { get; init; }

    public int Interruptions { get; init; }

    /// <summary>Ends by failed cards or by a machine that is not what was offered.</summary>
    public int Faults { get; init; }

    /// <summary>Share of launches that will get ready: what is usual for its tier, corrected by what was seen, which halves in weight every 30 days.</summary>
    public double BootShare { get; init; }

    public DateTimeOffset LastSeen { get; init; }
}
