using Orchestrator.Attempts;

namespace Orchestrator.Reconciling.Phases;

/// <summary>Where an attempt goes once it is known that it ends: drained if a trainer ran, cleaned if anything was staged, destroyed in any case.</summary>
internal static class Ending
{
    public static void Run(DecisionContext c, Attempt attempt)
    {
        if (!attempt.IsEnding())
        {
            return;
        }

        if (c.State.SaveRequest is { } request && attempt.Number == c.State.Attempts.Length)
        {
            c.Emit(new SaveAnswered(attempt.Number, request) { At = c.Now, Why = "no checkpoint: the attempt ended first" });
        }

        if (attempt.Phase < AttemptPhase.Draining)
        {
            var (phase, why) = attempt.Phase switch
            {
                AttemptPhase.Running when attempt.Reason == EndReason.Succeeded => (AttemptPhase.Draining, "the result is being stored"),
                AttemptPhase.Running => (AttemptPhase.Draining, "the newest checkpoint is being stored"),
                AttemptPhase.Staging => (AttemptPhase.Cleaning, "what was staged is being deleted"),
                _ => (AttemptPhase.Terminating, "nothing to keep or to wipe on the host"),
            };
            c.Enter(attempt, phase, why);
        }
    }
}
