namespace Orchestrator.Jobs;

/// <summary>How often checkpoints are made.</summary>
public sealed record CheckpointRhythm
{
    public required RhythmKind Kind { get; init; }

    /// <summary>Set for <see cref="RhythmKind.Fixed"/> only.</summary>
    public TimeSpan? Interval { get; init; }

    public static CheckpointRhythm Trainer { get; } = new() { Kind = RhythmKind.Trainer };
}
