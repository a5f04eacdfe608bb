namespace Orchestrator.Providers.SshHost;

/// <summary>What a machine's line to the stores is known to reach, in megabits per second; null = not known.</summary>
public sealed record MachineLine
{
    /// <summary>As offers name it.</summary>
    public required string Host { get; init; }

    public double? DownMbps { get; init; }

    public double? UpMbps { get; init; }
}
