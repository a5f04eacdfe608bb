namespace Orchestrator.Planning;

/// <summary>How often to make a checkpoint on one offer.</summary>
/// <param name="Every">The rhythm that the forecast counts with.</param>
/// <param name="OptimumFrom">From here...</param>
/// <param name="OptimumTo">...to here, the time lost stays within a tenth of its minimum.</param>
/// <param name="Upload">Until a checkpoint is durable.</param>
/// <param name="KeepsUp">False = checkpoints are wanted faster than the host can send them.</param>
public sealed record CheckpointAdvice(TimeSpan Every, TimeSpan OptimumFrom, TimeSpan OptimumTo, TimeSpan Upload, bool KeepsUp)
{
    /// <summary>From one that becomes durable to the next: longer than <see cref="Every"/> where a trainer makes more than can be sent.</summary>
    public TimeSpan Stored { get; init; } = Every;

    /// <summary>Nobody knows the trainer's rhythm: the usual one stands in.</summary>
    public bool IsAssumed { get; init; }
}
