namespace Orchestrator.Attempts;

/// <summary>How often a trainer is asked for checkpoints, where the plan decides it (<c>checkpoints.every: auto</c>), and what it follows from.</summary>
/// <param name="Every">From one request to the next.</param>
/// <param name="Upload">Until a checkpoint is durable, as it was expected.</param>
/// <param name="MeanBetween">Mean time between interruptions, as it was expected.</param>
public sealed record AttemptRhythm(TimeSpan Every, TimeSpan Upload, TimeSpan MeanBetween);
