using Orchestrator.Attempts;

namespace Orchestrator.Reconciling.Phases;

/// <summary>
/// What the provider's list says of a known instance. It takes two witnesses to call it lost: the list (asked after the agent
/// was last heard) and the agent's silence; absence must be seen in two lists a settling time apart. An agent that talks
/// outweighs every list.
/// </summary>
internal static class Presence
{
    public static void Run(DecisionContext c, Attempt attempt)
    {
        if (attempt.InstanceId is null || attempt.InstanceFoundAt is not { } foundAt || c.Seen(attempt) is not { Listing: { } listing } seen)
        {
            return;
        }

        var heard = seen.Agent?.LastHeardAt;
        var sighting = listing.Instances.FirstOrDefault(x => x.InstanceId == attempt.InstanceId);
        var silent = heard is null || (listing.AskedAt > heard && c.IsOver(heard.Value, heard.Value + c.Policies.Silence));
        if (attempt.AbsentSince is { } since && (heard > since || (sighting is not null && listing.AskedAt > since)))
        {
            c.Emit(new AbsenceRefuted(attempt.Number) { At = c.Now, Why = heard > since ? "the agent was heard again" : "the list shows the instance again" });
        }
        else if (sighting is not null)
        {
            // A definite word needs no long silence: the broken channel is witness enough.
            var cut = heard is null || (listing.AskedAt > heard && seen.Agent is { Connected: false });
            Seen(c, attempt, sighting, (silent || cut) && listing.AskedAt > foundAt);
        }
        else if (silent && listing.AskedAt > foundAt + c.TimingsOf(attempt).Settling)
        {
            Absent(c, attempt, listing);
        }
    }

    private static void Seen(DecisionContext c, Attempt attempt, InstanceSighting sighting, bool counts)
    {
        if (counts && attempt.Phase < AttemptPhase.Terminating && sighting.Status is InstanceStatus.Stopped or InstanceStatus.Terminating)
        {
            Lose(c, attempt, EndReason.InstanceStopped, $"{attempt.Offer.Provider} stopped the instance: {sighting.Words}");
        }
    }

    private static void Absent(DecisionContext c, Attempt attempt, ListingView listing)
    {
        if (attempt.AbsentSince is not { } since)
        {
            c.Emit(new AbsenceNoted(attempt.Number, listing.AskedAt) { At = c.Now, Why = "a complete list lacks the instance; one more has to" });
        }
        else if (listing.AskedAt < since + c.TimingsOf(attempt).Settling)
        {
            // Two lists of one moment have one cause, and lists do flicker.
            return;
        }
        else if (attempt.Phase < AttemptPhase.Terminating)
        {
            Lose(c, attempt, EndReason.InstanceGone, $"the instance is gone from {attempt.Offer.Provider}'s list");
        }
        else if (attempt.Extras.IsEmpty && listing.AskedAt > attempt.PhaseSince)
        {
            // Asked after the destroy was owed: a list alone never closes the books before it was at least tried.
            Terminating.Close(c, attempt, c.Attempt(attempt.Number).CostAt(c.Now), "gone: two complete lists lack the instance");
        }
    }

    /// <summary>Nobody is there any more to drain or clean: straight to the destroy.</summary>
    public static void Lose(DecisionContext c, Attempt attempt, EndReason reason, string why)
    {
        if (attempt.Reason == EndReason.Succeeded && attempt.Phase < AttemptPhase.Passing)
        {
            c.LoseSuccess(attempt, why);
        }

        c.End(attempt, reason, why);
        c.Enter(attempt, AttemptPhase.Terminating, Words.Clean(why));
    }
}
