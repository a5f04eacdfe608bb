using System.Collections.Immutable;
using Orchestrator.Offers;
using Orchestrator.Planning.Checks;

namespace Orchestrator.Planning.Prices;

/// <summary>A market boiled down to what its cards cost: tens of rows from tens of thousands of offers.</summary>
public static class CardPrices
{
    /// <summary>By card, capacity type and provider. Offers whose figures cannot be are left out: a lying price would be the lowest.</summary>
    public static ImmutableArray<CardPrice> Of(IEnumerable<Offer> offers)
    {
        ArgumentNullException.ThrowIfNull(offers);
        var check = new FigureCheck();
        var kinds = new Dictionary<(string? Gpu, CapacityType Capacity, string Provider), List<Money>>();
        foreach (var offer in offers)
        {
            if (check.Rejects(offer) is not null)
            {
                continue;
            }

            var kind = (offer.Gpu, offer.Capacity, offer.Provider);
            if (!kinds.TryGetValue(kind, out var prices))
            {
                kinds[kind] = prices = [];
            }

            prices.Add(new Money(offer.PricePerHour.MicroDollars / Math.Max(1, offer.GpuCount)));
        }

        return
        [
            .. kinds.Select(kind => Summarize(kind.Key.Gpu, kind.Key.Capacity, kind.Key.Provider, kind.Value))
                .OrderBy(price => price.Gpu, StringComparer.Ordinal).ThenBy(price => price.Capacity).ThenBy(price => price.Provider, StringComparer.Ordinal),
        ];
    }

    private static CardPrice Summarize(string? gpu, CapacityType capacity, string provider, List<Money> prices)
    {
        prices.Sort();
        return new(gpu, capacity, provider, prices.Count, prices[0], prices[(prices.Count - 1) / 2]);
    }
}
