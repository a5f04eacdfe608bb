using Orchestrator.Attempts;

namespace Orchestrator.Reconciling.Phases;

/// <summary>The instance runs; waits for the agent's hello.</summary>
internal static class Connecting
{
    public static void Run(DecisionContext c, Attempt attempt)
    {
        if (attempt.Phase != AttemptPhase.Connecting || attempt.IsEnding())
        {
            return;
        }

        if (WasHeard(attempt, c.Seen(attempt).Agent))
        {
            c.Enter(attempt, AttemptPhase.Checking, "the agent said hello");
        }
        else if (c.IsOver(attempt.PhaseSince, Deadline(attempt, c.Policies)))
        {
            c.End(attempt, EndReason.NeverConnected, $"no agent was heard within {Words.Of(c.TimingsOf(attempt).Connect)}");
        }
    }

    public static bool WasHeard(Attempt attempt, AgentView? agent) => agent?.LastHeardAt >= attempt.InstanceFoundAt;

    public static DateTimeOffset Deadline(Attempt attempt, Policies policies) => attempt.PhaseSince + policies.TimingsOf(attempt.Offer.Provider).Connect;
}
