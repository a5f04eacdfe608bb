using System.Collections.Immutable;
using Orchestrator.Attempts;
using Orchestrator.Jobs;
using Orchestrator.Planning;
using Orchestrator.Planning.Measuring;
using Orchestrator.Reconciling;

namespace Orchestrator.Rehearsals;

/// <summary>What was measured before the kill; null = it could not be.</summary>
public sealed record RehearsalFigures
{
    private static readonly TimeSpan _longest = TimeSpan.FromDays(3650);

    /// <summary>Canonical card; null = none.</summary>
    public string? Gpu { get; init; }

    public int GpuCount { get; init; }

    /// <summary>From the order until the host answered.</summary>
    public TimeSpan? Boot { get; init; }

    /// <summary>From then on until the training began.</summary>
    public TimeSpan? Stage { get; init; }

    public double? SecondsPerStep { get; init; }

    /// <summary>Standard error of <see cref="SecondsPerStep"/>.</summary>
    public double? SecondsPerStepError { get; init; }

    public ByteSize? Checkpoint { get; init; }

    /// <summary>Steps and time between the newest two durable checkpoints.</summary>
    public long? SavesEverySteps { get; init; }

    public TimeSpan? SavesEvery { get; init; }

    /// <summary>Longest time that one of them took to send.</summary>
    public TimeSpan? Upload { get; init; }

    public long? TotalSteps { get; init; }

    /// <summary>All steps at this pace.</summary>
    public TimeSpan? Work { get; init; }

    /// <param name="record">What was seen.</param>
    /// <param name="state">The job.</param>
    /// <param name="ready">When the killed attempt's host answered.</param>
    /// <param name="total">Steps by the spec; null = what the trainer reported counts.</param>
    /// <returns>Null where nothing was trained.</returns>
    public static RehearsalFigures? Of(RehearsalRecord record, JobState state, DateTimeOffset? ready, long? total)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(state);
        var measured = record.Kill is { } kill ? state.Attempts.FirstOrDefault(attempt => attempt.Number == kill.Attempt) : state.Attempts.LastOrDefault(attempt => attempt.TrainingStartedAt is not null);
        if (measured?.TrainingStartedAt is not { } began)
        {
            return null;
        }

        var saves = record.Saves.Where(save => save.Attempt == measured.Number).OrderBy(save => save.Ordinal).ToList();
        var (pace, error) = Pace([.. record.Points.Where(point => point.Attempt == measured.Number)]);
        var steps = total ?? record.Points.LastOrDefault(point => point.Total > 0)?.Total;
        return new()
        {
            Gpu = measured.Offer.Gpu,
            GpuCount = measured.Offer.GpuCount,
            Boot = ready - measured.LaunchSentAt,
            Stage = began - ready,
            SecondsPerStep = pace,
            SecondsPerStepError = error,
            Checkpoint = record.Saves.LastOrDefault() is { Bytes: > 0 and var bytes } ? new ByteSize(bytes) : null,
            SavesEverySteps = saves is [.., { Step: { } one }, { Step: { } other }] && other > one ? other - one : null,
            SavesEvery = RehearsalMoney.Between(record, measured),
            Upload = saves.Max(save => save.Upload),
            TotalSteps = steps,
            Work = pace * steps is > 0 and var seconds && seconds < _longest.TotalSeconds ? TimeSpan.FromSeconds(seconds) : null,
        };
    }

    /// <summary>For plans of the same work; null where all of it cannot be told.</summary>
    /// <param name="name">As people call the rehearsal: <c>r-31</c>.</param>
    /// <param name="at">When it ended.</param>
    public WorkMeasured? ToWork(string name, DateTimeOffset at) => Work is not { } work ? null : new()
    {
        Source = WorkSource.Rehearsal,
        Name = name,
        At = at,
        Gpu = Gpu,
        GpuCount = GpuCount,
        Work = work,
        SecondsPerStep = SecondsPerStep,
        TotalSteps = TotalSteps,
        Checkpoint = Checkpoint,
        Boot = Boot,
        Stage = Stage,
    };

    /// <summary>Without the first report, before which it warms up.</summary>
    private static (double? Pace, double? Error) Pace(ImmutableArray<RehearsalPoint> points)
    {
        var steady = points.Length > 2 ? points[1..] : points;
        if (steady.Length < 2 || steady[^1].Step <= steady[0].Step || steady[^1].At <= steady[0].At)
        {
            return (null, null);
        }

        var pace = (steady[^1].At - steady[0].At).TotalSeconds / (steady[^1].Step - steady[0].Step);
        var parts = steady.Zip(steady.Skip(1), (one, next) => (Steps: next.Step - one.Step, Time: (next.At - one.At).TotalSeconds)).Where(part => part.Steps > 0).ToList();
        if (parts.Count < 3)
        {
            return (pace, null);
        }

        var all = parts.Sum(part => (double)part.Steps);
        var spread = Math.Sqrt(parts.Sum(part => part.Steps / all * Math.Pow((part.Time / part.Steps) - pace, 2)));
        return (pace, spread / Math.Sqrt(parts.Count));
    }
}
