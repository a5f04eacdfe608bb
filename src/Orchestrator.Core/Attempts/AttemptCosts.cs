namespace Orchestrator.Attempts;

public static class AttemptCosts
{
    /// <summary>
    /// What an attempt has cost by <paramref name="now"/>: its hourly price from the moment a create call was first permitted (a
    /// lost reply may bill from then on) until its destroy was accepted or it was found gone; the same for extra instances. Of a launch
    /// that is unsettled what it was until then counts (see <see cref="UnsettledAt"/> for the rest).
    /// </summary>
    public static Money CostAt(this Attempt attempt, DateTimeOffset now)
    {
        if (attempt.Phase == AttemptPhase.Ended)
        {
            return attempt.Cost;
        }

        if (attempt.BilledFrom is not { } from)
        {
            return Money.Zero;
        }

        var until = attempt.IsUnsettled() ? attempt.EndingSince!.Value : attempt.DestroyAcceptedAt ?? now;
        var cost = attempt.Offer.PricePerHour.PerHourFor(until - from) + attempt.ExtraCost;
        for (var i = 0; i < attempt.Extras.Length; i++)
        {
            cost += attempt.Offer.PricePerHour.PerHourFor(now - from);
        }

        return cost;
    }

    /// <summary>What the time since it became unsettled costs should the machine turn out to hold an instance; part of no sum.</summary>
    public static Money UnsettledAt(this Attempt attempt, DateTimeOffset now) =>
        attempt.IsUnsettled() ? attempt.Offer.PricePerHour.PerHourFor(now - attempt.EndingSince!.Value) : Money.Zero;

    /// <summary>What an attempt adds to the bill per hour now.</summary>
    public static Money RateNow(this Attempt attempt)
    {
        if (attempt.Phase == AttemptPhase.Ended || attempt.BilledFrom is null)
        {
            return Money.Zero;
        }

        var instances = attempt.Extras.Length + (attempt.DestroyAcceptedAt is null && !attempt.IsUnsettled() ? 1 : 0);
        return new Money(attempt.Offer.PricePerHour.MicroDollars * instances);
    }
}
