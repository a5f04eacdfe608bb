using System.Collections.Immutable;
using Orchestrator.Attempts;
using Orchestrator.Jobs;
using Orchestrator.Reconciling;

namespace Orchestrator.Planning.Measuring;

/// <summary>The same work as it was measured before: by a job that ran to its end, or by a rehearsal.</summary>
public sealed record WorkMeasured
{
    private static readonly TimeSpan _longest = TimeSpan.FromDays(3650);

    /// <summary><see cref="WorkSource.ImageHistory"/> or <see cref="WorkSource.Rehearsal"/>.</summary>
    public required WorkSource Source { get; init; }

    /// <summary>As people call it: <c>lora #12</c>, <c>r-31</c>.</summary>
    public required string Name { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>Canonical card it ran on; null = none.</summary>
    public string? Gpu { get; init; }

    public int GpuCount { get; init; }

    /// <summary>All of the work on those cards, without interruptions.</summary>
    public required TimeSpan Work { get; init; }

    /// <summary>Null where the trainer reports no steps.</summary>
    public double? SecondsPerStep { get; init; }

    public long? TotalSteps { get; init; }

    /// <summary>One checkpoint; null = none was made.</summary>
    public ByteSize? Checkpoint { get; init; }

    /// <summary>From the order until the host answered, and until everything was in place; null = not measured.</summary>
    public TimeSpan? Boot { get; init; }

    public TimeSpan? Stage { get; init; }

    /// <summary>What a job that has succeeded teaches; null where its work cannot be told from what interruptions cost.</summary>
    /// <param name="ended">The job.</param>
    /// <param name="paces">What was seen of its attempts.</param>
    /// <param name="total">Steps by the spec.</param>
    /// <param name="now">When it ended.</param>
    public static WorkMeasured? Of(JobState ended, ImmutableArray<PaceSeen> paces, long? total, DateTimeOffset now)
    {
        var pace = JobPace.Of(ended.Attempts, paces, total);
        var steps = pace is { Step: > 0 } ? pace.Step : (long?)null;
        var trained = ended.Attempts.Where(attempt => attempt.TrainingStartedAt is not null).ToList();
        if (trained is not [.., { TrainingEndedAt: { } until } last])
        {
            return null;
        }

        // By steps on the cards it was longest on; else by what was trained and kept, where all of that was on the same cards.
        var (gpu, count) = pace is null ? (last.Offer.Gpu, last.Offer.GpuCount) : (pace.Gpu, pace.GpuCount);
        var kept = until - last.TrainingStartedAt!.Value + (last.RestoreFrom is { } from ? ended.TrainedUpTo(from, now) : TimeSpan.Zero);
        var work = steps is { } all ? pace!.TimeOf(all) : IsWhole(ended) && trained.All(attempt => (attempt.Offer.Gpu, attempt.Offer.GpuCount) == (gpu, count)) ? kept : null;
        return work is not { } time || time <= TimeSpan.Zero || time > _longest ? null : new WorkMeasured
        {
            Source = WorkSource.ImageHistory,
            Name = $"{ended.Name} {ended.Id}",
            At = now,
            Gpu = gpu,
            GpuCount = count,
            Work = time,
            SecondsPerStep = steps is null ? null : pace!.SecondsPerStep,
            TotalSteps = steps,
            Checkpoint = ended.Checkpoints.LastOrDefault() is { Bytes: > 0 and var bytes } ? new ByteSize(bytes) : null,
        };
    }

    /// <summary>It began at the beginning: of what another job had trained before, nobody says on which cards.</summary>
    private static bool IsWhole(JobState ended) => ended.Attempts.All(attempt => attempt.RestoreFrom is not { Attempt: JobFolders.Copied });
}
