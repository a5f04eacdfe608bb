using Orchestrator.Attempts;
using Orchestrator.Offers;
using Orchestrator.Recovery;

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

        var agent = c.Seen(attempt).Agent;
        if (WasHeard(attempt, agent))
        {
            c.Enter(attempt, AttemptPhase.Checking, "the agent said hello");
        }
        else
        {
            var deadline = agent?.NeverReached == true ? ReachDeadline(attempt, c.Policies) : Deadline(attempt, c.State, c.Policies);
            if (c.IsOver(attempt.PhaseSince, deadline))
            {
                c.End(attempt, EndReason.NeverConnected, $"no agent was heard within {Words.Of(deadline - attempt.PhaseSince)}{Words.After(agent?.Unreached)}{Told(c, attempt)}");
            }
        }
    }

    /// <summary>What its provider says of it: that it is reached by nobody may have a reason there.</summary>
    private static string Told(DecisionContext c, Attempt attempt) =>
        c.Seen(attempt).Listing?.Instances.FirstOrDefault(one => one.InstanceId == attempt.InstanceId)?.Words is { Length: > 0 } said ? $"; {attempt.Offer.Provider} says: {Words.Clean(said)}" : "";

    /// <summary>
    /// An image's fault pauses the job, since no other machine would help; a machine's sends the attempt elsewhere. A registry that
    /// refuses one machine may serve another; the second refusal in one search is taken for the image's fault.
    /// </summary>
    public static void Refused(DecisionContext c, HostRefused refused)
    {
        if (Facts.Live(c, refused.Attempt) is not { Phase: AttemptPhase.Booting or AttemptPhase.Connecting } attempt || attempt.IsEnding())
        {
            return;
        }

        switch (refused.Fault)
        {
            case HostFault.Denied when !WasDeniedBefore(c.State, attempt):
                c.End(attempt, EndReason.ImageDenied, $"{refused.Words}; another machine is tried, this one again in {Words.Of(c.Policies.DeniedWait)}");
                break;
            case HostFault.Denied or HostFault.Image:
                c.End(attempt, EndReason.ImageUnusable, $"{refused.Words}; then: orchestrator resume {c.State.Name}");
                break;
            default:
                c.End(attempt, EndReason.CheckFailed, "the machine cannot run the job: " + refused.Words);
                break;
        }
    }

    /// <summary>Since the job last trained, or a person last had a say.</summary>
    private static bool WasDeniedBefore(JobState state, Attempt attempt) =>
        state.Attempts.Where(one => one.Number < attempt.Number).Reverse()
            .TakeWhile(one => one.TrainingStartedAt is null && one.Reason.Recovery() != RecoveryClass.GiveUp)
            .Any(one => one.Reason == EndReason.ImageDenied);

    public static bool WasHeard(Attempt attempt, AgentView? agent) => agent?.LastHeardAt >= attempt.InstanceFoundAt;

    /// <summary>On a machine of ours the image is pulled in this phase; where the instance is the container, its provider pulls before it runs.</summary>
    public static DateTimeOffset Deadline(Attempt attempt, JobState state, Policies policies) =>
        ReachDeadline(attempt, policies)
        + (state.Terms.HasImage && attempt.Offer.HostKind == HostKind.Machine ? state.Terms.Boot ?? policies.Pull : TimeSpan.Zero);

    /// <summary>Nothing is pulled on a machine that nobody gets into: it bills for nothing, and is given up long before.</summary>
    public static DateTimeOffset ReachDeadline(Attempt attempt, Policies policies) => attempt.PhaseSince + policies.TimingsOf(attempt.Offer.Provider).Connect;
}
