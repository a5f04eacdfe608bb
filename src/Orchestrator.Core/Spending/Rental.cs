using Orchestrator.Attempts;
using Orchestrator.Jobs;
using Orchestrator.Reconciling;

namespace Orchestrator.Spending;

/// <summary>An attempt as the limits count it: what it has cost within the last week, and what it may still cost.</summary>
public sealed record Rental
{
    /// <summary>The span that <c>max-weekly</c> looks at.</summary>
    public static readonly TimeSpan Week = TimeSpan.FromDays(7);

    public required JobId Job { get; init; }

    public required Money PricePerHour { get; init; }

    /// <summary>When a create call was first permitted.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>When its destroy was accepted, or it was found gone; null = it is billed.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Further instances with its label that are not gone yet.</summary>
    public int Extras { get; init; }

    /// <summary>What it has cost; null = it has not ended.</summary>
    public Money? FinalCost { get; init; }

    /// <summary>What its job may still spend; null = it has no budget.</summary>
    public Money? BudgetLeft { get; init; }

    /// <summary>Those that are billed now.</summary>
    public int Instances => FinalCost is null ? (Until is null ? 1 : 0) + Extras : 0;

    public static IEnumerable<Rental> Of(JobState state, DateTimeOffset now)
    {
        var left = Left(state, now);
        return state.Attempts.Where(attempt => attempt.BilledFrom is not null).Select(attempt => new Rental
        {
            Job = state.Id,
            PricePerHour = attempt.Offer.PricePerHour,
            From = attempt.BilledFrom!.Value,
            Until = attempt.DestroyAcceptedAt ?? attempt.EndedAt,
            Extras = attempt.Extras.Length,
            FinalCost = attempt.IsLive() ? null : attempt.Cost,
            BudgetLeft = left,
        });
    }

    /// <summary>What a job may still spend; null = it has no budget.</summary>
    public static Money? Left(JobState state, DateTimeOffset now) =>
        state.Terms.MaxTotal is not { } most ? null : state.SpentAt(now) is var spent && spent < most ? most - spent : Money.Zero;

    /// <summary>The most that one at this price may cost within any seven days from now on.</summary>
    public static Money MostInWeek(Money pricePerHour, Money? budgetLeft) =>
        pricePerHour.PerHourFor(Week) is var week && budgetLeft < week ? budgetLeft.Value : week;

    /// <summary>What it has cost by <paramref name="now"/>, from <paramref name="since"/> on.</summary>
    public Money CostSince(DateTimeOffset since, DateTimeOffset now)
    {
        var from = From > since ? From : since;
        if (FinalCost is { } final)
        {
            var (all, part) = ((Until ?? now) - From, (Until ?? now) - from);
            return part >= all ? final
                : part <= TimeSpan.Zero ? Money.Zero
                : new Money((long)((((Int128)final.MicroDollars * part.Ticks) + all.Ticks - 1) / all.Ticks));
        }

        var cost = PricePerHour.PerHourFor((Until ?? now) - from);
        for (var extra = 0; extra < Extras; extra++)
        {
            cost += PricePerHour.PerHourFor(now - from);
        }

        return cost;
    }
}
