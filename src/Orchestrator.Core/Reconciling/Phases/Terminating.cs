using Orchestrator.Attempts;

namespace Orchestrator.Reconciling.Phases;

/// <summary>The destroy is owed until the instance is confirmed gone: an accepted destroy ends the cost, not the duty.</summary>
internal static class Terminating
{
    public static void Run(DecisionContext c, Attempt attempt)
    {
        if (attempt.Phase != AttemptPhase.Terminating || !attempt.Extras.IsEmpty)
        {
            return;
        }

        if (attempt.LaunchSentAt is null)
        {
            Close(c, attempt, Money.Zero, "nothing was rented");
        }
        else if (attempt.DestroyAcceptedAt is { } accepted && c.Seen(attempt).Listing is { } listing && listing.AskedAt > accepted
            && !listing.Instances.Any(x => x.InstanceId == attempt.InstanceId))
        {
            Close(c, attempt, c.Attempt(attempt.Number).CostAt(c.Now), "destroyed: the list no longer shows it");
        }
    }

    public static void Replied(DecisionContext c, DestroyReplied reply)
    {
        if (Facts.Live(c, reply.Attempt) is not { } attempt)
        {
            return;
        }

        if (attempt.Extras.FirstOrDefault(x => x.InstanceId == reply.InstanceId) is { } extra)
        {
            if (reply.NotFound)
            {
                Extras.NotFound(c, attempt, extra);
            }

            return;
        }

        if (attempt.Phase != AttemptPhase.Terminating || attempt.InstanceId != reply.InstanceId)
        {
            return;
        }

        if (attempt.DestroyAcceptedAt is null)
        {
            c.Emit(new DestroyAccepted(attempt.Number) { At = c.Now, Why = reply.NotFound ? "the provider does not know the instance any more" : "the provider accepted the destroy" });
        }

        if (reply.NotFound && attempt.Extras.IsEmpty)
        {
            var now = c.Attempt(attempt.Number);
            Close(c, now, now.CostAt(c.Now), "destroyed: the provider does not know it any more");
        }
    }

    public static void Close(DecisionContext c, Attempt attempt, Money cost, string why) =>
        c.Emit(new AttemptEnded(attempt.Number, attempt.Reason, cost, attempt.Reason.IsInterruption()) { At = c.Now, Why = why });
}
