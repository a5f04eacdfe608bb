using Orchestrator.Attempts;
using Orchestrator.Jobs;

namespace Orchestrator.Reconciling.Phases;

/// <summary>Deadline and max-runtime of the job.</summary>
internal static class Limits
{
    public static void Run(DecisionContext c)
    {
        if (c.State.Verdict is not null)
        {
            return;
        }

        if (c.State.Terms is { Deadline: { } deadline, OnDeadlineMiss: DeadlineMiss.Stop } && c.Now >= deadline)
        {
            Stop(c, JobPhase.DeadlineMissed, EndReason.DeadlineMissed, "the deadline has passed");
        }
        else if (c.State.Terms.MaxRuntime is { } most && c.State.Trained(c.Now) >= most && c.State.Current() is not null)
        {
            Stop(c, JobPhase.Failed, EndReason.MaxRuntime, $"max-runtime reached: {Words.Of(most)} of training");
        }
    }

    private static void Stop(DecisionContext c, JobPhase verdict, EndReason reason, string why)
    {
        if (c.State.Current() is { } current)
        {
            c.End(current, reason, why);
        }

        c.Emit(new VerdictReached(verdict) { At = c.Now, Why = why });
    }
}
