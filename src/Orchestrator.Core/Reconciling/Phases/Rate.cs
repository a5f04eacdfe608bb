using Orchestrator.Attempts;

namespace Orchestrator.Reconciling.Phases;

/// <summary>
/// What is rented may turn out dearer than it was offered, at once or when its host raises the price. The books follow, so that budgets,
/// limits and leases are held to what is billed; above the job's limit it is given up, with what it has made stored first.
/// </summary>
internal static class Rate
{
    /// <summary>A record's last digits are not an offer's.</summary>
    private const decimal Noise = 1.01m;

    public static void Run(DecisionContext c, Attempt attempt)
    {
        if (attempt.IsEnding() || attempt.Phase >= AttemptPhase.Draining || c.Seen(attempt).Listing is not { } listing
            || listing.Instances.FirstOrDefault(x => x.InstanceId == attempt.InstanceId)?.PerHour is not { } rate)
        {
            return;
        }

        var offer = attempt.Offer;
        if (rate.MicroDollars <= offer.PerHour.MicroDollars * Noise)
        {
            if (attempt.DearerSince is not null)
            {
                Note(c, attempt, rate, holds: false, $"{offer.Provider} says {rate}/h again");
            }
        }
        else if (attempt.DearerSince is not { } since)
        {
            Note(c, attempt, rate, holds: false, $"{offer.Provider} says {rate}/h instead of {offer.PerHour}/h; it counts if it says so again");
        }
        else if (listing.AskedAt >= since + c.Policies.RateHolds)
        {
            Note(c, attempt, rate, holds: true, $"{offer.Provider} charges {rate}/h instead of {offer.PerHour}/h: all of the attempt counts at that");
            if (c.State.Terms.MaxHourly is { } most && rate > most)
            {
                c.End(c.State.Attempts[attempt.Number - 1], EndReason.CheckFailed, $"{offer.Provider} charges {rate}/h instead of {offer.PerHour}/h, and max-hourly is {most}/h");
            }
        }
    }

    private static void Note(DecisionContext c, Attempt attempt, Money rate, bool holds, string why) =>
        c.Emit(new RateNoted(attempt.Number, rate, holds) { At = c.Now, Why = why });
}
