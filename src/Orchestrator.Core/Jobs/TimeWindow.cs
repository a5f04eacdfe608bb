namespace Orchestrator.Jobs;

/// <summary>A stretch of time, from <paramref name="From"/> up to but not including <paramref name="Until"/>.</summary>
public sealed record TimeWindow(DateTimeOffset From, DateTimeOffset Until);
