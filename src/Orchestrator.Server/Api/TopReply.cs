using System.Collections.Immutable;

namespace Orchestrator.Server.Api;

/// <summary>What <c>top --json</c> writes: the installation in a few figures, and the jobs that have not ended.</summary>
/// <param name="At">By the clock of whoever asks.</param>
/// <param name="Hosts">Jobs on a host.</param>
/// <param name="PerHour">Dollars an hour, of all that is rented for jobs.</param>
/// <param name="Spent">Dollars, of the jobs that have not ended.</param>
/// <param name="Allowed">Dollars they may spend; null = one of them has no limit, or there are none.</param>
/// <param name="WorstUnsavedSeconds">Of the job that would lose most if its host went now; null = nothing trains.</param>
/// <param name="WorstUnsavedJob">Its number.</param>
/// <param name="Leaks">Instances with our label that no job owns; null = nobody knows.</param>
/// <param name="LeaksCheckedAt">When the providers were asked.</param>
/// <param name="Alerts">What waits for a person.</param>
/// <param name="Jobs">Those on hosts first, by what they would lose.</param>
public sealed record TopReply(
    DateTimeOffset At, int Hosts, decimal PerHour, decimal Spent, decimal? Allowed, double? WorstUnsavedSeconds, long? WorstUnsavedJob, int? Leaks, DateTimeOffset? LeaksCheckedAt, int Alerts,
    ImmutableArray<JobSummary> Jobs)
{
    /// <summary>Rented instances whose end is owed and not confirmed; null = there are none.</summary>
    public LeakedInstances? Leaked { get; init; }
}
