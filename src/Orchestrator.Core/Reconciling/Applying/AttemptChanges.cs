using Orchestrator.Attempts;

namespace Orchestrator.Reconciling.Applying;

internal static class AttemptChanges
{
    public static JobState Entered(JobState state, PhaseEntered e) => state.With(e.Attempt, a => e.Phase > a.Phase && e.Phase != AttemptPhase.Ended
        ? a with { Phase = e.Phase, PhaseSince = e.At }
        : throw new InvalidOperationException($"attempt {e.Attempt} cannot go from {a.Phase} to {e.Phase}"));

    /// <summary>Of an attempt that has ended, or of the job as a whole, nothing is counted.</summary>
    public static JobState Noted(JobState state, ProblemNoted e) =>
        e.Attempt >= 1 && e.Attempt <= state.Attempts.Length && state.Attempts[e.Attempt - 1].IsLive()
            ? state.With(e.Attempt, a => a with { Notes = a.Notes + 1 })
            : state;

    /// <summary>
    /// A list shows it: where it was thought absent, it is not; else its accepted destroy had no effect, counts as never accepted, and the
    /// instance costs on.
    /// </summary>
    public static Attempt StillThere(Attempt attempt) => attempt.AbsentSince is null ? attempt with { DestroyAcceptedAt = null } : attempt with { AbsentSince = null };

    public static Attempt RateNoted(Attempt attempt, RateNoted e) => e.Holds
        ? attempt with { DearerSince = null, Offer = attempt.Offer with { PricePerHour = e.PerHour - attempt.Offer.DiskPerHour } }
        : attempt with { DearerSince = e.PerHour > attempt.Offer.PerHour && attempt.DearerSince is null ? e.At : null };

    public static JobState Started(JobState state, TrainingStarted e) =>
        state.With(e.Attempt, a => a with { TrainingStartedAt = e.At }) with { FruitlessAttempts = 0 };

    public static JobState Exited(JobState state, TrainerExited e) =>
        state.With(e.Attempt, a => a with { ExitCode = e.ExitCode, LogSays = e.LogSays, LastStep = e.LastStep ?? a.LastStep, TrainingEndedAt = EndOfTraining(a, e.At) });

    /// <summary>The first reason stands; only a success may still turn into the host's failure, when its result could not be stored.</summary>
    public static JobState Ending(JobState state, AttemptEnding e)
    {
        var before = state.Attempt(e.Attempt);
        if (before.IsEnding() && !(before.Reason == EndReason.Succeeded && e.Reason.IsInterruption()))
        {
            throw new InvalidOperationException($"attempt {e.Attempt} already ends as {before.Reason}; it cannot end as {e.Reason}");
        }

        var next = state.With(e.Attempt, a => a with
        {
            Reason = e.Reason,
            Why = e.Why,
            Refusal = e.Refusal,
            LastStep = e.LastStep ?? a.LastStep,
            EndingSince = a.EndingSince ?? e.At,
            TrainingEndedAt = EndOfTraining(a, e.At),
        });
        return next with
        {
            Interruptions = state.Interruptions + (e.Reason.IsInterruption() ? 1 : 0),
            UserFailures = state.UserFailures + (e.Reason.IsUserFailure() ? 1 : 0),
            FruitlessAttempts = state.FruitlessAttempts + (before.IsFruitless(e.Reason) ? 1 : 0),
        };
    }

    public static JobState Ended(JobState state, AttemptEnded e) => state.With(e.Attempt, a => a with
    {
        Phase = AttemptPhase.Ended,
        PhaseSince = e.At,
        EndedAt = e.At,
        Cost = e.Cost,
    });

    private static DateTimeOffset? EndOfTraining(Attempt attempt, DateTimeOffset at) =>
        attempt.TrainingStartedAt is null ? null : attempt.TrainingEndedAt ?? at;
}
