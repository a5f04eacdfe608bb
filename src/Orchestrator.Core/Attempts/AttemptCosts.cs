namespace Orchestrator.Attempts;

/// <summary>
/// What an attempt costs: compute in begun units and disk from the moment a create call was first permitted (a lost reply may
/// bill from then on) until its destroy was accepted or it was found gone, and what was moved, at the host's and the store's prices.
/// </summary>
public static class AttemptCosts
{
    /// <summary>
    /// By <paramref name="now"/>, extra instances included. Of a launch that is unsettled what it was until then counts (see
    /// <see cref="UnsettledAt"/> for the rest).
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

        var cost = attempt.TimeCost(from, attempt.BilledUntil(now)) + attempt.MovedCost() + attempt.ExtraCost;
        for (var i = 0; i < attempt.Extras.Length; i++)
        {
            cost += attempt.CostOfExtra(now);
        }

        // Nobody will ever report what was under way when it was cut off.
        return attempt.Phase == AttemptPhase.Terminating ? cost + attempt.OnItsWay() : cost;
    }

    /// <summary>
    /// What it has cost from an instant on. Of one that lives only the time before is left out: nobody knows when its bytes were moved.
    /// </summary>
    public static Money CostSince(this Attempt attempt, DateTimeOffset since, DateTimeOffset now)
    {
        if (attempt.BilledFrom is not { } from)
        {
            return Money.Zero;
        }

        if (attempt.Phase == AttemptPhase.Ended)
        {
            return PartSince(attempt.Cost, from, attempt.DestroyAcceptedAt ?? attempt.EndedAt ?? now, since);
        }

        var cost = attempt.CostAt(now);
        if (since > from)
        {
            var until = attempt.BilledUntil(now);
            cost -= attempt.Offer.PerHour.PerHourFor((since < until ? since : until) - from);
            for (var i = 0; i < attempt.Extras.Length; i++)
            {
                cost -= attempt.Offer.PerHour.PerHourFor(since - from);
            }
        }

        return cost > Money.Zero ? cost : Money.Zero;
    }

    /// <summary>Of what a time has cost the part from an instant on, evenly over it, rounded up.</summary>
    public static Money PartSince(Money cost, DateTimeOffset from, DateTimeOffset until, DateTimeOffset since)
    {
        var (all, part) = (until - from, until - (since > from ? since : from));
        return part >= all ? cost
            : part <= TimeSpan.Zero ? Money.Zero
            : new Money((long)((((Int128)cost.MicroDollars * part.Ticks) + all.Ticks - 1) / all.Ticks));
    }

    /// <summary>What the time since it became unsettled costs should the machine turn out to hold an instance; part of no sum.</summary>
    public static Money UnsettledAt(this Attempt attempt, DateTimeOffset now) =>
        attempt.IsUnsettled() ? attempt.Offer.CostOf(now - attempt.EndingSince!.Value) : Money.Zero;

    /// <summary>What one more instance under the attempt's label has cost: it was there as long, and pulled the image as well.</summary>
    public static Money CostOfExtra(this Attempt attempt, DateTimeOffset now) =>
        attempt.BilledFrom is { } from ? attempt.Offer.CostOf(now - from) + attempt.Offer.DownPerGB.PerGBFor(attempt.Offer.ImageBytes) : Money.Zero;

    /// <summary>A checkpoint that is being sent, of which only its end is reported: as large as it may be, for budgets.</summary>
    public static Money OnItsWay(this Attempt attempt) => attempt.OnItsWay(Math.Max(attempt.Offer.CheckpointBytes, attempt.NewestSentBytes));

    /// <summary>
    /// The same for the meter: as large as the newest that it sent, else as the one that it went on from. What was planned with may be a guess
    /// of gigabytes, which no bill would have: it counts where nothing better is known, and budgets never count less than this.
    /// </summary>
    public static Money ProbablyOnItsWay(this Attempt attempt) =>
        attempt.OnItsWay(attempt.NewestSentBytes > 0 ? attempt.NewestSentBytes : Math.Min(attempt.RestoreFrom?.Bytes ?? long.MaxValue, attempt.Offer.CheckpointBytes));

    private static Money OnItsWay(this Attempt attempt, long bytes) =>
        attempt.TrainingStartedAt is null || attempt.Wiped is not null || attempt.SentAt >= attempt.EndingSince ? Money.Zero : attempt.Offer.UpPerGB.PerGBFor(bytes);

    /// <summary>What an attempt adds to the bill per hour now, on average over its billing units.</summary>
    public static Money RateNow(this Attempt attempt) => new(attempt.Offer.PerHour.MicroDollars * attempt.Instances(withUnsettled: false));

    /// <summary>How many are billed under its label now.</summary>
    /// <param name="attempt">Whose.</param>
    /// <param name="withUnsettled">Of one that is unsettled nobody knows whether it is there: it is in no sum, but takes the room it would need.</param>
    public static int Instances(this Attempt attempt, bool withUnsettled) => attempt.IsLive() && attempt.BilledFrom is not null
        ? attempt.Extras.Length + (attempt.DestroyAcceptedAt is null && (withUnsettled || !attempt.IsUnsettled()) ? 1 : 0)
        : 0;

    /// <summary>Of an instance that others had before, its whole life less theirs: a unit that they have begun is paid once, and nothing falls between two owners.</summary>
    private static Money TimeCost(this Attempt attempt, DateTimeOffset from, DateTimeOffset until) => attempt.Warm is { BilledFrom: var first }
        ? attempt.Offer.CostOf(until - first) - attempt.Offer.CostOf(from - first)
        : attempt.Offer.CostOf(until - from);

    private static DateTimeOffset BilledUntil(this Attempt attempt, DateTimeOffset now) =>
        attempt.IsUnsettled() ? attempt.EndingSince!.Value : attempt.DestroyAcceptedAt ?? now;

    /// <summary>What is staged counts whole once it was begun.</summary>
    private static Money MovedCost(this Attempt attempt)
    {
        var offer = attempt.Offer;
        var cost = offer.DownPerGB.PerGBFor(offer.ImageBytes) + offer.UpPerGB.PerGBFor(attempt.SentBytes);
        return attempt.RestoreDecided ? cost + offer.CostOfFetching(offer.DataBytes + (attempt.RestoreFrom?.Bytes ?? 0)) : cost;
    }
}
