using System.Collections.Immutable;
using Orchestrator.Engine.Observing;
using Orchestrator.Offers;
using Orchestrator.Planning.Prices;
using Orchestrator.Server.Api;

namespace Orchestrator.Server.Desk;

/// <summary>Puts what is offered beside what was usual, over all providers.</summary>
internal static class MarketReplies
{
    /// <summary>Fewer hours say nothing about what is usual: half a day at least, so that one evening is not the measure of all.</summary>
    internal const int LeastHours = 12;

    internal static MarketReply Make(OffersSeen seen, ImmutableArray<UsualPrice> usual, TimeSpan reach) => new(
        [
            .. CardPrices.Of(seen.Offers).GroupBy(price => (price.Gpu, price.Capacity))
                .Select(kind => Of([.. kind], usual.FirstOrDefault(past => past.Gpu == kind.Key.Gpu && past.Capacity == kind.Key.Capacity))),
        ],
        reach.TotalHours,
        LeastHours,
        seen.Gaps);

    private static MarketCard Of(ImmutableArray<CardPrice> atProviders, UsualPrice? usual)
    {
        var cheapest = atProviders.MinBy(price => price.Lowest)!;
        var known = usual?.Hours >= LeastHours ? usual : null;
        return new MarketCard
        {
            Gpu = cheapest.Gpu,
            Capacity = Words.Of(cheapest.Capacity),
            Offers = atProviders.Sum(price => price.Offers),
            Lowest = cheapest.Lowest.Dollars,
            // As the history has it: the providers' medians, weighed by their offers.
            Median = new Money(atProviders.Sum(price => price.Median.MicroDollars * price.Offers) / atProviders.Sum(price => price.Offers)).Dollars,
            Provider = cheapest.Provider,
            UsualLowest = (known?.Now?.Lowest ?? known?.Lowest)?.Dollars,
            UsualMedian = (known?.Now?.Median ?? known?.Median)?.Dollars,
            IsUsualOfThisHour = known?.Now is not null,
            CheapestAt = known?.Cheapest?.At,
            CheapestUsual = known?.Cheapest?.Lowest.Dollars,
            HoursSeen = usual?.Hours ?? 0,
        };
    }
}
