using Orchestrator.Attempts;

namespace Orchestrator.Reconciling.Phases;

/// <summary>A host that nobody hears for <c>loss.max-wait</c>, although somebody listens, is lost, whatever its provider says.</summary>
internal static class Silence
{
    public static void Run(DecisionContext c, Attempt attempt)
    {
        if (attempt.Phase is >= AttemptPhase.Checking and <= AttemptPhase.Cleaning
            && c.Seen(attempt).Agent?.LastHeardAt is { } heard && c.IsOver(heard, heard + c.Policies.LossMaxWait))
        {
            Presence.Lose(c, attempt, EndReason.HostSilent, $"nothing was heard of the host for {Words.Of(c.Policies.LossMaxWait)}");
        }
    }
}
