using Orchestrator.Jobs;

namespace Orchestrator.Reconciling.Applying;

internal static class JobChanges
{
    public static JobState Submitted(JobState state, JobSubmitted e) =>
        InPhase(state, JobPhase.Pending, e) with { Id = e.Id, Epoch = e.Epoch, Name = e.Name, Terms = e.Terms, SubmittedAt = e.At, Start = e.Start };

    public static JobState PhaseChanged(JobState state, JobPhaseChanged e)
    {
        var changed = InPhase(state, e.Phase, e) with { NotBefore = e.Until, RoomWait = e.Room, BatchWait = e.Batch };
        return e.BeyondBudget ? changed with { BeyondBudgetSince = changed.BeyondBudgetSince ?? e.At }
            // Whoever waits for room could pay.
            : e.Room is not null ? changed with { BeyondBudgetSince = null } : changed;
    }

    public static JobState Resumed(JobState state, JobResumed e) =>
        InPhase(state, state.Attempts.IsEmpty ? JobPhase.Pending : JobPhase.Recovering, e) with
        {
            Verdict = null,
            NotBefore = null,
            FruitlessAttempts = 0,
        };

    /// <summary>What was known of the old deadline says nothing of a new one: it is looked at at once.</summary>
    public static JobState TermsChanged(JobState state, TermsChanged e) => state with
    {
        Terms = state.Terms with { MaxHourly = e.MaxHourly ?? state.Terms.MaxHourly, Deadline = e.Deadline ?? state.Terms.Deadline, Priority = e.Priority ?? state.Terms.Priority },
        Net = e.Deadline is null ? state.Net : new DeadlineNet(null, e.At, null),
    };

    public static JobState InPhase(JobState state, JobPhase phase, JobEvent e) => state with
    {
        Phase = phase,
        PhaseReason = e.Why,
        PhaseSince = phase == state.Phase ? state.PhaseSince : e.At,
        RoomWait = null,
        BatchWait = null,
        BeyondBudgetSince = phase == state.Phase ? state.BeyondBudgetSince : null,
    };
}
