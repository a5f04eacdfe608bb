using System.Collections.Immutable;
using Orchestrator.Attempts;
using Orchestrator.Jobs;

namespace Orchestrator.Engine.Reports;

/// <summary>Trainings that were cut off, and what that took.</summary>
/// <param name="Count">How many.</param>
/// <param name="Lost">Trained after the newest checkpoint in the store, over all of them.</param>
/// <param name="Away">From the cut until the job trained again, ended or was paused, over all of them.</param>
public sealed record InterruptionCount(int Count, TimeSpan Lost, TimeSpan Away)
{
    public static readonly InterruptionCount None = new(0, TimeSpan.Zero, TimeSpan.Zero);

    public static InterruptionCount operator +(InterruptionCount one, InterruptionCount other)
    {
        ArgumentNullException.ThrowIfNull(one);
        ArgumentNullException.ThrowIfNull(other);
        return new(one.Count + other.Count, one.Lost + other.Lost, one.Away + other.Away);
    }

    public static InterruptionCount Add(InterruptionCount one, InterruptionCount other) => one + other;

    /// <summary>Hosts that never trained are none: those are counted by what they cost. Nor is the kill of a rehearsal.</summary>
    public static InterruptionCount Of(JobFact job, ReportPeriod period)
    {
        ArgumentNullException.ThrowIfNull(job);
        ArgumentNullException.ThrowIfNull(period);
        var attempts = job.State.Attempts;
        return job.IsRehearsal ? None : attempts.Where(attempt => attempt.Reason.IsInterruption() && attempt.TrainingStartedAt is not null && period.Contains(CutAt(attempt)))
            .Aggregate(None, (sum, attempt) => sum + new InterruptionCount(1, LostBy(job, attempt), AwayAfter(job, attempt, attempts, period)));
    }

    private static DateTimeOffset? CutAt(Attempt attempt) => attempt.TrainingEndedAt ?? attempt.EndingSince;

    private static TimeSpan LostBy(JobFact job, Attempt attempt)
    {
        var started = attempt.TrainingStartedAt!.Value;
        var saved = job.Saved.GetValueOrDefault(attempt.Number)?.LastAt;
        return AtLeastNothing(CutAt(attempt)!.Value - (saved > started ? saved.Value : started));
    }

    private static TimeSpan AwayAfter(JobFact job, Attempt attempt, ImmutableArray<Attempt> attempts, ReportPeriod period)
    {
        var back = attempts.Where(next => next.Number > attempt.Number && next.TrainingStartedAt is not null).Select(next => next.TrainingStartedAt).FirstOrDefault();
        var until = back ?? job.EndedAt ?? (job.Phase is JobPhase.Paused or JobPhase.Scheduled ? job.State.PhaseSince : period.To);
        return AtLeastNothing((until < period.To ? until : period.To) - CutAt(attempt)!.Value);
    }

    private static TimeSpan AtLeastNothing(TimeSpan time) => time > TimeSpan.Zero ? time : TimeSpan.Zero;
}
