namespace Orchestrator.Attempts;

public static class AttemptCosts
{
    /// <summary>
    /// What an attempt has cost by <paramref name="now"/>: its hourly price from the moment a create call was first permitted (a
    /// lost reply may bill from then on) until its destroy was accepted or it was found gone; the same for extra instances.
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

        var cost = attempt.Offer.PricePerHour.PerHourFor((attempt.DestroyAcceptedAt ?? now) - from) + attempt.ExtraCost;
        for (var i = 0; i < attempt.Extras.Length; i++)
        {
            cost += attempt.Offer.PricePerHour.PerHourFor(now - from);
        }

        return cost;
    }

    /// <summary>What an attempt adds to the bill per hour now.</summary>
    public static Money RateNow(this Attempt attempt)
    {
        if (attempt.Phase == AttemptPhase.Ended || attempt.BilledFrom is null)
        {
            return Money.Zero;
        }

        var instances = attempt.Extras.Length + (attempt.DestroyAcceptedAt is null ? 1 : 0);
        return new Money(attempt.Offer.PricePerHour.MicroDollars * instances);
    }
}
