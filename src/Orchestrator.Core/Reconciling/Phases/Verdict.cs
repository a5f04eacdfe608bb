using Orchestrator.Attempts;
using Orchestrator.Jobs;

namespace Orchestrator.Reconciling.Phases;

/// <summary>The decided end takes effect when nothing is owed any more.</summary>
internal static class Verdict
{
    public static void Run(DecisionContext c)
    {
        if (c.State.Verdict is not { } verdict || c.State.Attempts.Any(a => a.IsLive()))
        {
            return;
        }

        if (verdict.Phase == JobPhase.Paused)
        {
            if (c.State.Phase != JobPhase.Paused)
            {
                c.Emit(new JobPhaseChanged(JobPhase.Paused, null) { At = c.Now, Why = verdict.Why });
            }
        }
        else if (c.State.Unverified.IsEmpty && c.State.Retired.IsEmpty && c.State.Start is null)
        {
            c.Emit(new JobEnded(verdict.Phase) { At = c.Now, Why = verdict.Why });
        }
    }
}
