namespace Orchestrator.Reconciling;

/// <summary>What was last found out about a job's deadline.</summary>
/// <param name="LatestStart">By then the job must be on its way on capacity that nobody takes away; null = no such offer makes the deadline, or nobody knows.</param>
/// <param name="LookAt">When a job that waits for its hours, or rides what may be taken away, is looked at again; null = never.</param>
/// <param name="MissedBy">By how much the fastest way is expected to miss the deadline; null = it can be made.</param>
public sealed record DeadlineNet(DateTimeOffset? LatestStart, DateTimeOffset? LookAt, TimeSpan? MissedBy);
