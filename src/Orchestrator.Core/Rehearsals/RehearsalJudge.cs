using System.Collections.Immutable;
using System.Globalization;
using Orchestrator.Attempts;
using Orchestrator.Reconciling;

namespace Orchestrator.Rehearsals;

/// <summary>Whether the attempt after the kill went on where the one before it was.</summary>
internal static class RehearsalJudge
{
    /// <summary>Checkpoints are named after the step before or after; more than that is no slip of counting.</summary>
    private const double Slack = 0.01;

    /// <summary>Entries that are named after epochs have a step of another kind.</summary>
    private const int OtherKind = 10;

    /// <summary>Reports of the resumed attempt that say where it is; one may be of a check before the training.</summary>
    private const int Least = 3;

    /// <param name="record">What was seen.</param>
    /// <param name="state">The job.</param>
    /// <param name="resumed">The attempt after the kill.</param>
    /// <param name="isOver">Nothing more will be seen.</param>
    /// <returns>Null = it is too early to say.</returns>
    public static RehearsalEnd? Of(RehearsalRecord record, JobState state, Attempt resumed, bool isOver)
    {
        if (resumed.RestoreFrom is not { } from)
        {
            return new(RehearsalOutcome.Failed, $"attempt {resumed.Number} began without a checkpoint, though {record.Saves.Length} were durable", "orchestrator events of the rehearsal says why") { Resumed = resumed.Number };
        }

        var before = record.Points.Where(point => point.Attempt == record.Kill!.Attempt).ToImmutableArray();
        var after = record.Points.Where(point => point.Attempt == resumed.Number && IsTraining(point, before)).ToImmutableArray();
        var (at, isExact) = Begin(from.Step, from.TakenAt, before);
        var slack = isExact ? Math.Max(1, (long)((at ?? 0) * Slack)) : (at ?? 0) / 2;
        var saved = record.Saves.Where(save => save.Attempt == resumed.Number).ToImmutableArray();
        var isEnough = after.Length >= Least || isOver || !saved.IsEmpty;

        // By its checkpoints, which are named by the trainer itself; else by what it reports.
        if ((isExact && saved.Any(save => save.Step < at - slack)) || (isEnough && !after.IsEmpty && after.All(point => point.Step < at - slack)))
        {
            return Anew(at!.Value, after, saved) with { Resumed = resumed.Number };
        }

        if (after.IsEmpty)
        {
            return saved.IsEmpty && !isOver ? null : new(
                RehearsalOutcome.NoProgress,
                $"checkpoint {from.Entry} was put in place and the trainer {(saved.IsEmpty ? "ended well" : $"saved {saved[^1].Entry()} after it")}, but it reports no progress, so nothing shows that it read the checkpoint",
                "have it write {\"step\": N, \"loss\": X} lines to $ORCHESTRATOR_PROGRESS_FILE, or give progress.pattern; then rehearse again") { Resumed = resumed.Number };
        }

        var isProven = saved.Any(save => isExact && save.Step >= at) || (after.Length >= Least && after[^1].Step > (at ?? 0) - (isExact ? 0 : slack) && IsTooFarForAStart(before, after, resumed));
        if (!isProven)
        {
            return !isOver ? null : new(
                RehearsalOutcome.TooShort, "it ended after the kill before it could be told where it went on", "run it as it is, or save more often") { Resumed = resumed.Number };
        }

        if (before.Any(point => point.Loss is not null) && after.Count(point => point.Loss is not null) < LossComparison.Least && !isOver && saved.IsEmpty)
        {
            return null;
        }

        if (before.LastOrDefault(point => point.Loss is not null) is { Loss: { } had } && after.All(point => point.Loss is null))
        {
            // NaN and infinity are no figures, so they are not among what was reported.
            return new(
                RehearsalOutcome.LossJumps,
                $"the loss was {Digits(had)} before, and after the kill none is reported that is a number",
                "the steps go on, so the checkpoint was found; is the loss NaN after it, or is it not reported any more?") { Resumed = resumed.Number };
        }

        return Compared(LossComparison.Of(before, after, at), at) with { Resumed = resumed.Number };
    }

    private static RehearsalEnd Anew(long at, ImmutableArray<RehearsalPoint> after, ImmutableArray<RehearsalSave> saved)
    {
        var seen = after.IsEmpty ? $"its first checkpoint is of step {Count(saved.Min(save => save.Step) ?? 0)}" : $"it reports step {Count(after.Min(point => point.Step))}";
        return new(
            RehearsalOutcome.StartedAnew,
            $"after the kill it began anew: {seen}, with the checkpoint of step {Count(at)} in $ORCHESTRATOR_RESUME_FROM",
            "have the trainer load $ORCHESTRATOR_RESUME_FROM when ORCHESTRATOR_IS_RESUME is 1 (or give checkpoints.resume-args), and count its steps from there; then rehearse again");
    }

    private static RehearsalEnd Compared(LossComparison? loss, long? at) => loss switch
    {
        null => new(RehearsalOutcome.WeekendReady, "it went on where it was; it reports no loss, so no loss curve was compared", ""),
        { Continues: true } => new(RehearsalOutcome.WeekendReady, string.Create(CultureInfo.InvariantCulture, $"loss curve continues ({Digits(loss.Before)} -> {Digits(loss.After)})"), "") { Loss = loss },
        _ => new(
            RehearsalOutcome.LossJumps,
            string.Create(CultureInfo.InvariantCulture, $"the loss jumps: {Digits(loss.Before)} at step {Count(at ?? 0)} before, {Digits(loss.After)} after it (up to {Digits(loss.Before + loss.Allowed)} would be noise)"),
            "the steps go on, so the checkpoint was found; does it hold weights and optimiser, and are both loaded?") { Loss = loss },
    };

    /// <summary>Bars of a check or an evaluation have a total of their own.</summary>
    private static bool IsTraining(RehearsalPoint point, ImmutableArray<RehearsalPoint> before) =>
        point.Total is not { } total || before.LastOrDefault()?.Total is not { } known || total == known;

    /// <summary>The step it should go on from, and whether the checkpoint itself says so: where it does not, what was reported when it was taken.</summary>
    private static (long? Step, bool IsExact) Begin(long? named, DateTimeOffset? takenAt, ImmutableArray<RehearsalPoint> before)
    {
        var reported = before.LastOrDefault(point => takenAt is null || point.At <= takenAt)?.Step;
        return named is { } step && step >= (reported ?? 0) / OtherKind ? (step, true)
            : (reported ?? named, reported is null && named is not null);
    }

    /// <summary>One that began at the start could not be there yet, at the pace it had before the kill.</summary>
    private static bool IsTooFarForAStart(ImmutableArray<RehearsalPoint> before, ImmutableArray<RehearsalPoint> after, Attempt resumed)
    {
        var (first, last) = (before.FirstOrDefault(), before.LastOrDefault());
        if (first is null || last is null || last.Step <= first.Step || last.At <= first.At || resumed.TrainingStartedAt is not { } from)
        {
            return false;
        }

        const double faster = 1.5;
        var perSecond = (last.Step - first.Step) / (last.At - first.At).TotalSeconds;
        return after[0].Step > (after[0].At - from).TotalSeconds * perSecond * faster;
    }

    private static string Entry(this RehearsalSave save) => save.Step is { } step ? "step " + Count(step) : "another";

    private static string Count(long number) => number.ToString("#,0", CultureInfo.InvariantCulture);

    private static string Digits(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);
}
