using Orchestrator.Attempts;
using Orchestrator.Jobs;
using Orchestrator.Reconciling;

namespace Orchestrator.Spending;

/// <summary>What one attempt takes of the limits, by the same sums as the job's own budget.</summary>
/// <param name="Job">Whose it is.</param>
/// <param name="Use">What it takes.</param>
/// <param name="Provider">Where it is rented.</param>
public sealed record Rental(JobId Job, RoomUse Use, string Provider)
{
    /// <summary>The span that <c>max-weekly</c> looks at.</summary>
    public static readonly TimeSpan Week = TimeSpan.FromDays(7);

    /// <summary>Those of a job that were ever billed.</summary>
    public static IEnumerable<Rental> Of(JobState state, DateTimeOffset now)
    {
        var left = state.MostToComeAt(now);
        return state.Attempts.Where(attempt => attempt.BilledFrom is not null).Select(attempt => new Rental(state.Id, UseOf(attempt, left, now), attempt.Offer.Provider));
    }

    /// <summary>One of which only the sum is known: of that the part of the last seven days, evenly over its time.</summary>
    public static Rental Ended(JobId job, string provider, Money cost, DateTimeOffset from, DateTimeOffset until, DateTimeOffset now) =>
        new(job, new RoomUse(Money.Zero, AttemptCosts.PartSince(cost, from, until, now - Week), 0), provider);

    /// <summary>The most that one at this price may cost by its time within any seven days from now on.</summary>
    public static Money MostInWeek(Money perHour, Money? budgetLeft) =>
        perHour.PerHourFor(Week) is var week && budgetLeft < week ? budgetLeft.Value : week;

    private static RoomUse UseOf(Attempt attempt, Money? budgetLeft, DateTimeOffset now)
    {
        var past = attempt.CostSince(now - Week, now);
        var instances = attempt.Instances(withUnsettled: true);
        var rate = new Money(attempt.Offer.PerHour.MicroDollars * instances);
        return new RoomUse(rate, instances == 0 ? past : InWeek(attempt, past, rate, budgetLeft, now), instances);
    }

    /// <summary>
    /// A week that ends later holds less of the past: whatever it holds, a rental costs no more in it than a week at its price beside what
    /// is no matter of hours, and no more than what it did in the last seven days with all that its job may still spend.
    /// </summary>
    private static Money InWeek(Attempt attempt, Money past, Money rate, Money? budgetLeft, DateTimeOffset now)
    {
        var moved = attempt.CostAt(now) - rate.PerHourFor(now - attempt.BilledFrom!.Value);
        var week = rate.PerHourFor(Week) + (moved > Money.Zero ? moved : Money.Zero);
        var most = past + MostInWeek(rate, budgetLeft);
        return most < week ? most : week;
    }
}
