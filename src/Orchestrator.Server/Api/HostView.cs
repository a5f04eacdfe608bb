namespace Orchestrator.Server.Api;

/// <summary>One host: what is known of it, and whether it is banned. Counts reach back half a year.</summary>
public sealed record HostView
{
    public required string Host { get; init; }

    public string? Gpu { get; init; }

    public int Launches { get; init; }

    public int NeverReady { get; init; }

    /// <summary>From the order until it was ready, of the launch in the middle.</summary>
    public double? ReadySeconds { get; init; }

    public double HoursLived { get; init; }

    public int Interruptions { get; init; }

    /// <summary>Ends by failed cards or by a machine that is not what was offered.</summary>
    public int Faults { get; init; }

    /// <summary>Expected share of launches that get ready; old observations count less. Null = never launched there.</summary>
    public double? BootShare { get; init; }

    public DateTimeOffset? LastSeen { get; init; }

    /// <summary>Null = not banned.</summary>
    public HostBanView? Ban { get; init; }
}
