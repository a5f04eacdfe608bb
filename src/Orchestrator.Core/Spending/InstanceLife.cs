namespace Orchestrator.Spending;

/// <summary>When an instance was what its provider bills by, as we saw it.</summary>
/// <param name="CreatedAt">When the create call was permitted that made it.</param>
/// <param name="RunningAt">Null = it was never seen to run.</param>
/// <param name="StoppedAt">When its provider stopped it; null = it ran until it was gone.</param>
/// <param name="GoneAt">When its destroy was accepted, or since when it was not there any more; while it lives, now.</param>
public sealed record InstanceLife(DateTimeOffset CreatedAt, DateTimeOffset? RunningAt, DateTimeOffset? StoppedAt, DateTimeOffset GoneAt);
