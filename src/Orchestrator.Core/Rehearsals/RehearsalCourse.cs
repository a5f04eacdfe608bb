using System.Globalization;
using Orchestrator.Attempts;
using Orchestrator.Jobs;
using Orchestrator.Reconciling;
using Orchestrator.Reconciling.Phases;

namespace Orchestrator.Rehearsals;

/// <summary>
/// Runs to two durable checkpoints, has the instance killed, looks how the job goes on, and judges. The job itself knows nothing
/// of it: to the kernel its host was lost like any other, and its budget bounds all of it.
/// </summary>
public static class RehearsalCourse
{
    /// <summary>Durable checkpoints before the kill: one may be luck.</summary>
    public const int Saves = 2;

    /// <summary>A rehearsal is watched: who wants to wait for the market asks again later.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(5);

    /// <param name="record">So far, with what was heard just now.</param>
    /// <param name="state">Its job.</param>
    /// <param name="now">The database's instant.</param>
    public static RehearsalMove Next(RehearsalRecord record, JobState state, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(state);
        if (record.End is not null)
        {
            return RehearsalMove.Wait;
        }

        if (state.Phase.IsTerminal() || state.Phase == JobPhase.Paused || state.Verdict is not null)
        {
            return new(null, Ended(record, state));
        }

        if (record.Kill is { } kill)
        {
            if (state.Current() is { } same && same.Number == kill.Attempt)
            {
                // Until it is seen to be gone: a destroy may be refused or its answer lost.
                return new(kill, null);
            }

            if (Resumed(record, state) is { TrainingStartedAt: not null } resumed)
            {
                return RehearsalJudge.Of(record, state, resumed, isOver: false) is { } end ? new(null, end) : RehearsalMove.Wait;
            }
        }
        else if (record.Saves.Length >= Saves && state.Current() is { Phase: AttemptPhase.Running, InstanceId: { } instance } running)
        {
            return new(new(running.Number, running.Offer.Provider, instance, LastStep(record, running.Number), now), null);
        }

        return state.Phase is JobPhase.Waiting or JobPhase.Scheduled && now - state.PhaseSince > _patience
            ? new(null, new(RehearsalOutcome.NoOffer, $"{(record.Kill is null ? "nothing was rented" : "nothing was rented again after the kill")} for {_patience.TotalMinutes:0} minutes: {state.PhaseReason}", "try again later, allow more (--max), or other cards; orchestrator plan says what fits"))
            : RehearsalMove.Wait;
    }

    /// <summary>The newest attempt after the killed one; null = none yet.</summary>
    public static Attempt? Resumed(RehearsalRecord record, JobState state)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(state);
        return record.Kill is { } kill ? state.Attempts.LastOrDefault(attempt => attempt.Number > kill.Attempt) : null;
    }

    internal static long? LastStep(RehearsalRecord record, int attempt) => record.Points.LastOrDefault(point => point.Attempt == attempt)?.Step;

    private static RehearsalEnd Ended(RehearsalRecord record, JobState state)
    {
        var (phase, why) = state.Verdict is { } verdict ? (verdict.Phase, verdict.Why) : (state.Phase, state.PhaseReason);
        // Its money is raised by --max, and not in mid-course.
        why = why.Split(Budget.Advice)[0];
        var last = state.Attempts.LastOrDefault();
        if (last is { Reason: EndReason.TrainerFailed or EndReason.SetupFailed or EndReason.OutOfMemory or EndReason.DiskFull or EndReason.BadOrder } failed)
        {
            var when = record.Kill is null || failed.Number <= record.Kill.Attempt ? "" : "after the kill, when it was to go on: ";
            return new(RehearsalOutcome.TrainerFailed, $"the trainer failed {when}{failed.Why}", "its last lines are above; mend it and rehearse again");
        }

        return phase switch
        {
            JobPhase.Succeeded when record.Kill is not null && Resumed(record, state) is { } resumed && RehearsalJudge.Of(record, state, resumed, isOver: true) is { } judged => judged,
            JobPhase.Succeeded => new(RehearsalOutcome.TooShort, string.Create(CultureInfo.InvariantCulture, $"it is too short to rehearse: it succeeded with {record.Saves.Length} of {Saves} durable checkpoints made before its end"), "run it as it is, or save more often"),
            JobPhase.Cancelled => new(RehearsalOutcome.Stopped, "it was stopped", ""),
            JobPhase.Paused when last is { Reason: EndReason.Paused } => new(RehearsalOutcome.Stopped, $"it was paused: {why}", ""),
            _ when state.Attempts.IsEmpty => new(RehearsalOutcome.NoOffer, $"nothing was rented: {why}", "allow more (--max), or other cards; orchestrator plan says what fits"),
            _ when last is { Reason: EndReason.BudgetExhausted } || why.Contains("budget", StringComparison.Ordinal) => Spent(record, state, why),
            _ => new(RehearsalOutcome.Failed, why, "orchestrator show and logs of the rehearsal say more"),
        };
    }

    private static RehearsalEnd Spent(RehearsalRecord record, JobState state, string why)
    {
        var far = record.Kill is not null ? "after it was killed, before it could be seen to go on"
            : record.Saves.Length == 0 ? "before a checkpoint was durable" : $"after {record.Saves.Length} of {Saves} durable checkpoints";
        return new(RehearsalOutcome.MoneySpent, $"the money ended {far}: {why}", RehearsalMoney.Advice(record, state));
    }
}
