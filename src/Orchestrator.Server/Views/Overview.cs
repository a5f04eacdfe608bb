using System.Collections.Immutable;
using Orchestrator.Server.Api;

namespace Orchestrator.Server.Views;

/// <summary>The whole installation in a few figures: whether all is well, what it costs, what is at risk.</summary>
/// <param name="Live">Jobs that have not ended, newest first.</param>
/// <param name="PerHour">Dollars an hour, of everything that is rented now.</param>
/// <param name="Spent">Dollars, of the jobs that have not ended.</param>
/// <param name="Allowed">Dollars they may spend; null = one of them has no limit.</param>
/// <param name="Worst">The job that would lose most if its host went now, and how much.</param>
public sealed record Overview(ImmutableArray<JobSummary> Live, decimal PerHour, decimal Spent, decimal? Allowed, (JobSummary Job, TimeSpan Unsaved)? Worst)
{
    public static Overview Of(ImmutableArray<JobSummary> jobs, DateTimeOffset now)
    {
        var live = jobs.Where(job => !Words.IsEnded(job.State)).ToImmutableArray();
        var training = live.Where(job => UnsavedOf(job, now) is not null).Select(job => (Job: job, Unsaved: UnsavedOf(job, now)!.Value)).OrderByDescending(one => one.Unsaved).ToList();
        return new(
            live, live.Sum(job => job.PricePerHour ?? 0), live.Sum(job => job.Cost), live.IsEmpty || live.Any(job => MostOf(job) is null) ? null : live.DistinctBy(job => (job.Batch?.Budget is null ? job.Id : 0, job.Batch?.Budget is null ? 0 : job.Batch.Id)).Sum(MostOf),
            training.Count > 0 ? training[0] : null);
    }

    /// <summary>What the jobs of a batch share is one sum for all of them.</summary>
    private static decimal? MostOf(JobSummary job) => job.Batch?.Budget ?? job.Budget;

    /// <summary>From the newest checkpoint to now; where there is none, from when the job became active. Null = it does not train.</summary>
    internal static TimeSpan? UnsavedOf(JobSummary job, DateTimeOffset now)
    {
        if (job is not { State: "active", Progress.At: not null })
        {
            return null;
        }

        var unsaved = now - (job.LastCheckpoint?.At ?? job.Since);
        return unsaved < TimeSpan.Zero ? TimeSpan.Zero : unsaved;
    }
}
