namespace Orchestrator.Jobs;

/// <summary>The user's figure for the work on a named card.</summary>
public sealed record Estimate
{
    /// <summary>Training time from the first step to the last.</summary>
    public required TimeSpan Time { get; init; }

    /// <summary>Canonical card the time was measured on.</summary>
    public string? Model { get; init; }

    /// <summary>How many of those cards.</summary>
    public int Count { get; init; } = 1;

    public ByteSize? CheckpointSize { get; init; }
}
