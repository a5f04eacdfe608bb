using Orchestrator.Attempts;

namespace Orchestrator.Reconciling.Phases;

/// <summary>The instance is known; waits until it runs.</summary>
internal static class Booting
{
    public static void Run(DecisionContext c, Attempt attempt)
    {
        if (attempt.Phase != AttemptPhase.Booting || attempt.IsEnding())
        {
            return;
        }

        var seen = c.Seen(attempt);
        if (Connecting.WasHeard(attempt, seen.Agent))
        {
            c.Enter(attempt, AttemptPhase.Connecting, "the agent was heard");
        }
        else if (seen.Listing?.Instances.Any(x => x.InstanceId == attempt.InstanceId && x.Status == InstanceStatus.Running) == true)
        {
            c.Enter(attempt, AttemptPhase.Connecting, $"{attempt.Offer.Provider} says the instance runs");
        }
        else if (c.IsOver(attempt.PhaseSince, Deadline(attempt, c.State, c.Policies)))
        {
            var said = seen.Listing?.Instances.FirstOrDefault(x => x.InstanceId == attempt.InstanceId)?.Words;
            c.End(attempt, EndReason.NeverBooted, $"the instance did not run within {Words.Of(Deadline(attempt, c.State, c.Policies) - attempt.PhaseSince)}{Words.After(said)}");
        }
    }

    public static DateTimeOffset Deadline(Attempt attempt, JobState state, Policies policies) =>
        attempt.PhaseSince + (state.Terms.Boot ?? policies.TimingsOf(attempt.Offer.Provider).Boot);
}
