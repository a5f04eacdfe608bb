using Orchestrator.Attempts;

namespace Orchestrator.Reconciling.Phases;

/// <summary>The destroy is owed until the instance is confirmed gone: an accepted destroy ends the cost, not the duty, and the cost only for as long as no later list shows the instance.</summary>
internal static class Terminating
{
    /// <summary>What says of itself that it is being destroyed may take so long about it.</summary>
    private static readonly TimeSpan _leaving = TimeSpan.FromMinutes(15);

    public static void Run(DecisionContext c, Attempt attempt)
    {
        if (attempt.Phase != AttemptPhase.Terminating)
        {
            return;
        }

        if (!attempt.Extras.IsEmpty)
        {
            // Nothing is closed while a second one is there; what the first costs is a question all the same.
            Doubt(c, attempt);
        }
        else if (attempt.LaunchSentAt is null)
        {
            Close(c, attempt, Money.Zero, "nothing was rented");
        }
        else if (attempt.DestroyAcceptedAt is { } accepted && c.Seen(attempt).Listing is { } listing && listing.AskedAt > accepted
            && !listing.Instances.Any(x => x.InstanceId == attempt.InstanceId))
        {
            Close(c, attempt, c.Attempt(attempt.Number).CostAt(c.Now), "destroyed: the list no longer shows it");
        }
        else
        {
            Doubt(c, attempt);
        }
    }

    /// <summary>
    /// The provider's word is not taken: what a list shows a settling time later was not destroyed. It costs on, until a destroy is accepted
    /// that no list refutes.
    /// </summary>
    private static void Doubt(DecisionContext c, Attempt attempt)
    {
        if (attempt is { DestroyAcceptedAt: { } accepted, AbsentSince: null } && c.Seen(attempt).Listing is { } listing
            && listing.Instances.FirstOrDefault(x => x.InstanceId == attempt.InstanceId) is { } there
            && listing.AskedAt > accepted + (there.Status == InstanceStatus.Terminating ? _leaving : c.TimingsOf(attempt).Settling))
        {
            c.Emit(new AbsenceRefuted(attempt.Number) { At = c.Now, Why = "the destroy was accepted and the list still shows the instance: it costs on and is destroyed again" });
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
