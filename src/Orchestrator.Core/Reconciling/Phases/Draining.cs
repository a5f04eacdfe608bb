using Orchestrator.Attempts;
using Orchestrator.Protocol;

namespace Orchestrator.Reconciling.Phases;

/// <summary>The trainer stops and the newest checkpoint (and, after a success, the result) is brought into the store; bounded.</summary>
internal static class Draining
{
    private const int MostOfStacks = 2048;

    public static void Run(DecisionContext c, Attempt attempt)
    {
        if (Holding.IsHeld(attempt))
        {
            Holding.Run(c, attempt);
            return;
        }

        if (attempt.Phase != AttemptPhase.Draining || !c.IsOver(attempt.PhaseSince, Deadline(attempt, c.State, c.Policies)))
        {
            return;
        }

        if (attempt.Reason == EndReason.Succeeded)
        {
            c.LoseSuccess(attempt, $"the time for it ({Words.Of(c.Policies.FlushAfterSuccess)}) ran out");
        }

        c.Enter(attempt, AttemptPhase.Cleaning, "the time for storing the newest checkpoint ran out");
    }

    public static DateTimeOffset Deadline(Attempt attempt, JobState state, Policies policies) =>
        attempt.PhaseSince + state.Terms.DrainGrace + (attempt.Reason == EndReason.Succeeded ? policies.FlushAfterSuccess : policies.Flush);

    /// <summary>What is stopped for its figures would only save them; what hangs is first looked at.</summary>
    public static DrainTrainer Order(Attempt attempt, JobState state) =>
        new(attempt.Reason == EndReason.StopCondition ? TimeSpan.Zero : state.Terms.DrainGrace) { Stacks = attempt.Reason == EndReason.Stalled };

    public static void Done(DecisionContext c, Attempt attempt, DrainDone answer)
    {
        if (attempt.Phase != AttemptPhase.Draining || attempt.Held is not null)
        {
            return;
        }

        if (attempt.Reason == EndReason.Stalled && Words.CleanLines(answer.Stacks, MostOfStacks) is { Length: > 0 } stacks)
        {
            c.Emit(new StacksTaken(attempt.Number, stacks) { At = c.Now, Why = Words.Clean("where the trainer stood (the whole is in its log): " + stacks.ReplaceLineEndings("; ")) });
        }

        var complete = answer.OutputsStored && (answer.CheckpointFlushed || !c.State.Terms.HasCheckpoints);
        if (attempt.Reason == EndReason.Succeeded && !complete)
        {
            c.LoseSuccess(attempt, answer.Words);
        }

        var words = !complete ? "not everything could be stored: " + answer.Words
            : answer.Words is "" or DrainDone.AllStored ? "everything is in the store"
            : "what could be stored is in the store: " + answer.Words;
        // A host that a person wants to look at is nobody else's.
        if (!Holding.Begin(c, attempt))
        {
            c.Enter(attempt, complete && Passing.IsWanted(c, c.Attempt(attempt.Number)) ? AttemptPhase.Passing : AttemptPhase.Cleaning, Words.Clean(words));
        }
    }
}
