using System.Collections.Immutable;

namespace Orchestrator.Planning.Prices;

/// <summary>What cards usually cost, from looks at a market; the server's own are summed up in its database in the same way.</summary>
public static class UsualPrices
{
    /// <param name="hours">One look for each hour.</param>
    public static ImmutableArray<UsualPrice> Of(IEnumerable<ImmutableArray<CardPrice>> hours)
    {
        ArgumentNullException.ThrowIfNull(hours);
        return
        [
            .. hours.SelectMany(look => look.GroupBy(price => (price.Gpu, price.Capacity)))
                .Select(kind => (kind.Key, Lowest: kind.Min(price => price.Lowest), Median: Median(kind)))
                .GroupBy(hour => hour.Key)
                .OrderBy(kind => kind.Key.Gpu, StringComparer.Ordinal).ThenBy(kind => kind.Key.Capacity)
                .Select(kind => new UsualPrice(kind.Key.Gpu, kind.Key.Capacity, kind.Count(), Middle(kind.Select(hour => hour.Lowest)), Middle(kind.Select(hour => hour.Median)))),
        ];
    }

    /// <summary>Over providers, by how much they offer.</summary>
    private static Money Median(IEnumerable<CardPrice> prices) =>
        new(prices.Sum(price => price.Median.MicroDollars * price.Offers) / Math.Max(1, prices.Sum(price => price.Offers)));

    private static Money Middle(IEnumerable<Money> prices)
    {
        var sorted = prices.Order().ToList();
        return sorted[(sorted.Count - 1) / 2];
    }
}
