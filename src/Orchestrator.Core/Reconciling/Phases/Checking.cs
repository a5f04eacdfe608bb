using Orchestrator.Attempts;
using Orchestrator.Protocol;

namespace Orchestrator.Reconciling.Phases;

/// <summary>Pre-flight on the host.</summary>
internal static class Checking
{
    public static void Run(DecisionContext c, Attempt attempt)
    {
        if (attempt.Phase == AttemptPhase.Checking && !attempt.IsEnding() && c.IsOver(attempt.PhaseSince, Deadline(attempt, c.Policies)))
        {
            c.End(attempt, EndReason.CheckFailed, $"the host did not answer the pre-flight within {Words.Of(c.Policies.Check)}");
        }
    }

    public static void Checked(DecisionContext c, Attempt attempt, HostChecked answer)
    {
        if (attempt.Phase != AttemptPhase.Checking || attempt.IsEnding())
        {
            return;
        }

        if (answer.Refusal is { } refusal)
        {
            c.End(attempt, EndReason.CheckFailed, "the host failed the pre-flight: " + refusal);
        }
        else
        {
            c.Enter(attempt, AttemptPhase.Staging, Words.Clean("pre-flight passed: " + answer.Facts));
        }
    }

    public static DateTimeOffset Deadline(Attempt attempt, Policies policies) => attempt.PhaseSince + policies.Check;
}
