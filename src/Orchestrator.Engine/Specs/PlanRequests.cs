using Orchestrator.Attempts;
using Orchestrator.Checkpoints;
using Orchestrator.Jobs;
using Orchestrator.Planning;
using Orchestrator.Reconciling;

namespace Orchestrator.Engine.Specs;

/// <summary>What a plan is asked for: by a spec alone, or by a job as far as it has come.</summary>
public static class PlanRequests
{
    /// <summary>An estimate that is used up already says that it was too low; this share of it is taken to be left.</summary>
    private const double LeastLeft = 0.05;

    public static PlanRequest Of(JobSpec spec, DateTimeOffset now) => new()
    {
        Now = now,
        Demand = new JobDemand
        {
            Gpu = spec.Resources.Gpu,
            Resources = spec.Resources,
            NeedsImage = spec.Image is not null,
            Providers = spec.Providers,
        },
        Reliability = spec.Reliability,
        Prefer = spec.Prefer,
        Sensitive = spec.Sensitive,
        MaxHourly = spec.Budget.MaxHourly,
        HasLimit = (spec.Budget.MaxTotal ?? spec.Batch?.Budget) is not null,
        BudgetLeft = spec.Budget.MaxTotal,
        Deadline = spec.Deadline?.At,
        Work = spec.Estimate is { } estimate ? Work(estimate, estimate.Time, WorkSource.Spec) : null,
        Sizes = new WorkSizes
        {
            Image = spec.Image is null ? new ByteSize(0) : null,
            Data = spec.Data.IsEmpty && spec.Code is null ? new ByteSize(0) : null,
            Checkpoint = spec.Estimate?.CheckpointSize,
        },
        Rhythm = new RhythmTerms
        {
            HasCheckpoints = spec.Checkpoints is not null,
            Every = spec.Checkpoints?.Every ?? CheckpointRhythm.Trainer,
            Keep = spec.Checkpoints?.Keep ?? 1,
        },
    };

    public static PlanRequest Of(StoredSpec stored, JobState state, DateTimeOffset now)
    {
        var (spec, request) = (stored.Spec, Of(stored.Spec, now));
        var newest = state.Checkpoints.LastOrDefault(one => !one.Late);
        var left = state.Terms.MaxTotal is { } most ? Left(most, state.SpentAt(now)) : (Money?)null;
        return request with
        {
            HasLimit = left is not null,
            BudgetLeft = left,
            FallbackBudget = left,
            Interruptions = state.Interruptions,
            Work = spec.Estimate is { } estimate ? Left(spec, estimate, state, newest, now) : null,
            Running = state.Current() is { } current ? Running(current, newest, now) : null,
            Sizes = request.Sizes with
            {
                Data = new ByteSize(stored.Sources.SelectMany(source => source.Files).Sum(file => file.Size)),
                Checkpoint = newest is null ? request.Sizes.Checkpoint : new ByteSize(newest.Bytes),
                Restore = new ByteSize(newest?.Bytes ?? 0),
            },
            Drain = state.Terms.DrainGrace + TimeSpan.FromMinutes(5),
        };
    }

    private static Money Left(Money most, Money spent) => spent < most ? most - spent : Money.Zero;

    /// <summary>What is done is what the newest checkpoint holds: by its step, else by the time that was trained.</summary>
    private static WorkLeft Left(JobSpec spec, Estimate estimate, JobState state, CheckpointRef? newest, DateTimeOffset now)
    {
        if (newest is null)
        {
            return Work(estimate, estimate.Time, WorkSource.Spec);
        }

        var share = newest.Step is { } step && spec.Progress.Total is > 0 and var total
            ? 1 - ((double)step / total)
            : 1 - (state.TrainedUpTo(newest, now) / estimate.Time);
        return Work(estimate, estimate.Time * Math.Clamp(share, LeastLeft, 1), WorkSource.JobHistory);
    }

    private static RunningHost Running(Attempt attempt, CheckpointRef? newest, DateTimeOffset now)
    {
        var saved = newest?.Attempt == attempt.Number ? newest.ReportedAt : null;
        return new RunningHost(attempt.Offer.ToOffer(), now - (attempt.InstanceFoundAt ?? attempt.PlannedAt))
        {
            Ahead = attempt.TrainingStartedAt is { } from ? now - (saved > from ? saved.Value : from) : TimeSpan.Zero,
        };
    }

    private static WorkLeft Work(Estimate estimate, TimeSpan left, WorkSource source) => new()
    {
        Time = left,
        Gpu = estimate.Model,
        GpuCount = estimate.Count,
        Source = source,
        Words = source == WorkSource.Spec ? "the spec's estimate" : "the spec's estimate, less what the newest checkpoint holds",
    };
}
