using System.Globalization;
using Orchestrator.Attempts;

namespace Orchestrator.Reconciling.Phases;

/// <summary>A rental that ends by itself is left early enough for the trainer to save and for that to be stored and wiped.</summary>
internal static class RentalEnd
{
    public static void Run(DecisionContext c, Attempt attempt)
    {
        if (!Holding.IsHeld(attempt) && (attempt.IsEnding() || attempt.Phase >= AttemptPhase.Draining))
        {
            return;
        }

        // A server that remembers a list of before the change would take it back, and drain what its owner has just given more time.
        if (c.Seen(attempt)?.Listing is { } listing && !(listing.AskedAt <= attempt.TermChangedAt)
            && listing.Instances.FirstOrDefault(x => x.InstanceId == attempt.InstanceId)?.Term is { } term && term.Until != attempt.Offer.Until)
        {
            attempt = Changed(c, attempt, term);
        }

        if (DrainAt(attempt, c.State, c.Policies) is { } drainAt && c.Now >= drainAt)
        {
            c.End(attempt, EndReason.RentalEnds, $"the rental ends at {Words(attempt.Offer.Until)}; the newest checkpoint is stored before that");
        }
    }

    /// <summary>An owner changes hours, a contract is extended: what was agreed at the start binds nobody.</summary>
    private static Attempt Changed(DecisionContext c, Attempt attempt, RentalTerm term)
    {
        c.Emit(new RentalTermChanged(attempt.Number, term.Until) { At = c.Now, Why = $"the rental {Ends(term.Until)} by now; agreed was: {Ends(attempt.Offer.Until)}" });
        return c.State.Attempts[attempt.Number - 1];

        static string Ends(DateTimeOffset? until) => until is null ? "is open-ended" : $"ends at {Words(until)}";
    }

    private static string Words(DateTimeOffset? until) => string.Create(CultureInfo.InvariantCulture, $"{until:yyyy-MM-dd HH:mm} UTC");

    /// <summary>Null = the rental is open-ended.</summary>
    public static DateTimeOffset? DrainAt(Attempt attempt, JobState state, Policies policies) =>
        attempt.Offer.Until - state.Terms.DrainGrace - policies.RentalFlush - policies.Clean;
}
