using Orchestrator.Attempts;
using Orchestrator.Checkpoints;
using Orchestrator.Jobs;
using Orchestrator.Planning;
using Orchestrator.Planning.Measuring;
using Orchestrator.Reconciling;

namespace Orchestrator.Engine.Specs;

/// <summary>What a plan is asked for: by a spec alone, or by a job as far as it has come.</summary>
public static class PlanRequests
{
    /// <summary>An estimate that is used up already says that it was too low; this share of it is taken to be left.</summary>
    private const double LeastLeft = 0.05;

    /// <param name="spec">The job.</param>
    /// <param name="known">What was measured of the same work before.</param>
    /// <param name="now">When it is planned.</param>
    public static PlanRequest Of(JobSpec spec, WorkKnown known, DateTimeOffset now) => Of(spec, Given(spec, known), now);

    private static PlanRequest Of(JobSpec spec, WorkGiven? given, DateTimeOffset now) => new()
    {
        Now = now,
        NotBefore = spec.Schedule?.At,
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
        Work = given is null ? null : Work(given, given.Time, ""),
        Sizes = new WorkSizes
        {
            Image = spec.Image is null ? new ByteSize(0) : null,
            Data = spec.Data.IsEmpty && spec.Code is null ? new ByteSize(0) : null,
            Checkpoint = given?.Checkpoint ?? spec.Estimate?.CheckpointSize,
            IsCheckpointMeasured = given?.Checkpoint is not null && given.Checkpoint != spec.Estimate?.CheckpointSize,
        },
        Rhythm = new RhythmTerms
        {
            HasCheckpoints = spec.Checkpoints is not null,
            Every = spec.Checkpoints?.Every ?? CheckpointRhythm.Trainer,
            Keep = spec.Checkpoints?.Keep ?? 1,
        },
    };

    /// <param name="stored">The job's spec.</param>
    /// <param name="state">How far it has come.</param>
    /// <param name="known">What was measured of it, and of the same work before.</param>
    /// <param name="now">When it is planned.</param>
    public static PlanRequest Of(StoredSpec stored, JobState state, WorkKnown known, DateTimeOffset now)
    {
        var (spec, given) = (stored.Spec, Given(stored.Spec, known));
        var request = Of(spec, given, now);
        var newest = state.NewestCheckpoint;
        var left = state.LeftAt(now);
        return request with
        {
            // A rehearsal rents what the job itself would: its own money is for a part of the work, and the kernel sees to it.
            HasLimit = stored.Rehearsal is { } rehearsed ? rehearsed.Budget is not null : left is not null,
            BudgetLeft = stored.Rehearsal is { } of ? of.Budget : left,
            // A person may have changed these since the spec was read.
            Deadline = stored.Rehearsal?.Deadline ?? state.Terms.Deadline ?? stored.Spec.Deadline?.At,
            MaxHourly = state.Terms.MaxHourly ?? stored.Spec.Budget.MaxHourly,
            Interruptions = state.Interruptions,
            Work = Left(spec, given, state, known, now),
            NotBefore = state.Attempts.IsEmpty ? state.Terms.NotBefore : null,
            Running = state.Current() is { } current ? Running(state.Id, current, newest, now) : null,
            Sizes = request.Sizes with
            {
                Image = stored.Image?.Bytes is { } image ? new ByteSize(image) : request.Sizes.Image,
                Data = new ByteSize(stored.Sources.SelectMany(source => source.Files).Sum(file => file.Size)),
                Checkpoint = newest is { Bytes: > 0 } ? new ByteSize(newest.Bytes) : request.Sizes.Checkpoint,
                IsCheckpointMeasured = newest is { Bytes: > 0 } || request.Sizes.IsCheckpointMeasured,
                Restore = new ByteSize(newest?.Bytes ?? 0),
            },
            Drain = state.Terms.DrainGrace + TimeSpan.FromMinutes(5),
        };
    }

    /// <summary>What is left of a job's work: by its own pace as soon as that is known, else by what was known before.</summary>
    public static WorkLeft? Left(StoredSpec stored, JobState state, WorkKnown known, DateTimeOffset now) =>
        Left(stored.Spec, Given(stored.Spec, known), state, known, now);

    private static WorkLeft? Left(JobSpec spec, WorkGiven? given, JobState state, WorkKnown known, DateTimeOffset now) =>
        Measured(spec, given, state, known)?.Left(state, now) ?? (given is null ? null : Left(given, state, now));

    /// <summary>Steps in all by the spec, else by the trainer, else as they were before.</summary>
    private static JobPace? Measured(JobSpec spec, WorkGiven? given, JobState state, WorkKnown known) =>
        JobPace.Of(state.Attempts, known.Paces, spec.Progress.Total) is { } pace ? pace with { Total = pace.Total ?? given?.TotalSteps } : null;

    /// <summary>What is done is what the newest checkpoint holds: by its step, else by the time that was trained.</summary>
    private static WorkLeft Left(WorkGiven given, JobState state, DateTimeOffset now)
    {
        if (state.NewestCheckpoint is not { } newest)
        {
            return Work(given, given.Time, "");
        }

        var share = newest.Step is { } step && given.TotalSteps is > 0 and var total
            ? 1 - ((double)step / total)
            : 1 - (state.TrainedUpTo(newest, now) / given.Time);
        return Work(given, given.Time * Math.Clamp(share, LeastLeft, 1), ", less what the newest checkpoint holds");
    }

    private static WorkGiven? Given(JobSpec spec, WorkKnown known) => WorkGiven.Of(spec.Estimate, spec.Progress.Total, known.Earlier);

    private static RunningHost Running(JobId job, Attempt attempt, CheckpointRef? newest, DateTimeOffset now)
    {
        var saved = newest?.Attempt == attempt.Number ? newest.TakenAt : null;
        return new RunningHost(attempt.Offer.ToOffer(), now - (attempt.InstanceFoundAt ?? attempt.PlannedAt))
        {
            Job = job,
            Ahead = attempt.TrainingStartedAt is { } from ? now - (saved > from ? saved.Value : from) : TimeSpan.Zero,
        };
    }

    private static WorkLeft Work(WorkGiven given, TimeSpan left, string less) => new()
    {
        Time = left,
        Gpu = given.Gpu,
        GpuCount = given.GpuCount,
        Source = given.Source,
        Words = given.Words + less,
    };
}
