using Orchestrator.Attempts;
using Orchestrator.Protocol;

namespace Orchestrator.Reconciling.Phases;

/// <summary>The host is wiped, for a bounded time: an unclean host is recorded, never waited for.</summary>
internal static class Cleaning
{
    public static void Run(DecisionContext c, Attempt attempt)
    {
        if (attempt.Phase == AttemptPhase.Cleaning && c.IsOver(attempt.PhaseSince, Deadline(attempt, c.Policies)))
        {
            c.Enter(attempt, AttemptPhase.Terminating, $"wiping was not confirmed within {Words.Of(c.Policies.Clean)}");
        }
    }

    public static DateTimeOffset Deadline(Attempt attempt, Policies policies) => attempt.PhaseSince + policies.Clean;

    public static void Done(DecisionContext c, Attempt attempt, HostCleaned answer)
    {
        if (attempt.Phase == AttemptPhase.Passing)
        {
            Passing.Wiped(c, attempt, answer);
            return;
        }

        // What was kept for another job, which came too late, is still there.
        if (attempt.Phase != AttemptPhase.Cleaning || answer.KeptData)
        {
            return;
        }

        // A home that the job shares with its owner is not ours to empty.
        var words = !answer.Wiped ? "the host could not be wiped: " + answer.Words
            : c.State.Terms.HasImage ? "the host is wiped" : "the host is wiped, but for the user's home and /tmp";
        c.Emit(new AttemptCleaned(attempt.Number, answer.Wiped) { At = c.Now, Why = Words.Clean(words) });
        c.Enter(attempt, AttemptPhase.Terminating, "the instance is destroyed");
    }
}
