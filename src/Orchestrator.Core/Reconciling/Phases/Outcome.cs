using Orchestrator.Attempts;
using Orchestrator.Jobs;
using Orchestrator.Recovery;

namespace Orchestrator.Reconciling.Phases;

/// <summary>What the newest attempt's end means for the job: done, given up, or another attempt.</summary>
internal static class Outcome
{
    public static void Run(DecisionContext c)
    {
        if (c.State.Attempts is not [.., { } newest] || !newest.IsEnding())
        {
            return;
        }

        if (newest.Reason == EndReason.Succeeded)
        {
            // Only once its result is stored; until then the host may still take the success back.
            if (newest.Phase >= AttemptPhase.Passing && c.State.Verdict?.Phase != JobPhase.Succeeded)
            {
                c.Emit(new VerdictReached(JobPhase.Succeeded) { At = c.Now, Why = newest.Why });
            }

            return;
        }

        if (c.State.Verdict is not null || c.State.Phase != JobPhase.Active)
        {
            return;
        }

        var next = RecoveryPolicy.After(c.State, newest, c.Policies, c.Now);
        if (next.Verdict is { } verdict)
        {
            c.Emit(new VerdictReached(verdict) { At = c.Now, Why = Words.Clean(next.Why) });
        }
        else
        {
            var phase = newest.Reason == EndReason.LaunchRefused ? JobPhase.Waiting : JobPhase.Recovering;
            c.Emit(new JobPhaseChanged(phase, next.RetryAt) { At = c.Now, Why = Words.Clean(next.Why) });
        }
    }
}
