namespace Orchestrator.Engine.Recurring;

/// <summary>How one instant of a series is settled.</summary>
/// <param name="Series">The series.</param>
/// <param name="Due">The oldest instant that was not settled: where it is no longer, another has settled it.</param>
/// <param name="At">The instant; those from <paramref name="Due"/> up to it were missed.</param>
/// <param name="Next">The one after it; null = there is none.</param>
/// <param name="Why">In words.</param>
public sealed record Firing(SeriesId Series, DateTimeOffset Due, DateTimeOffset At, DateTimeOffset? Next, string Why);
