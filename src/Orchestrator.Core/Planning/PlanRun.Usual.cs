using Orchestrator.Jobs;
using Orchestrator.Offers;
using Orchestrator.Planning.Checks;
using Orchestrator.Planning.Prices;
using Orchestrator.Reconciling;

namespace Orchestrator.Planning;

/// <summary>What a plan says of the market against what is usual.</summary>
internal sealed partial class PlanRun
{
    /// <summary>Fewer hours of the market say nothing of what is usual.</summary>
    private const int LeastHours = 24;

    /// <summary>Share of the cost; less is not worth a wait.</summary>
    private const double LeastSaved = 0.1;

    /// <summary>
    /// Only with a deadline: it says how long there is time to wait. Where the lowest price of the card is clearly above what is
    /// usual, or nothing is offered that way at all, the best offer's twin is priced as it would cost then: dearer than the lowest by
    /// as much as the best offer is now. So a policy which the cheapest hosts do not satisfy waits for no price that it never sees.
    /// </summary>
    private UsualCost? Usually(Best best, IEnumerable<Offer> offers)
    {
        if (_hoursLeft is null || _by != PlanPreference.Cost || _request.Running is not null || _usual.IsDefaultOrEmpty || best.Kept is not [{ IsLate: false } first, ..])
        {
            return null;
        }

        var kinds = _usual.Where(usual => usual.Gpu == first.Offer.Gpu && usual.Hours >= LeastHours).ToList();
        if (kinds.Count == 0)
        {
            return null;
        }

        var now = CardPrices.Of(offers.Where(offer => offer.Gpu == first.Offer.Gpu)).GroupBy(price => price.Capacity).ToDictionary(kind => kind.Key, kind => kind.Min(price => price.Lowest));
        if (!now.TryGetValue(first.Offer.Capacity, out var lowest) || lowest <= Money.Zero)
        {
            return null;
        }

        UsualCost? least = null;
        foreach (var usual in kinds)
        {
            if (now.TryGetValue(usual.Capacity, out var asked) && usual.Lowest.MicroDollars > (1 - LeastSaved) * asked.MicroDollars)
            {
                continue;
            }

            var twin = Twin(first.Offer, usual, (double)usual.Lowest.MicroDollars / lowest.MicroDollars);
            if (Filter(twin, out _) is null && Rank(twin, out var candidate, out _) is null && candidate.First < (1 - LeastSaved) * first.First && !(candidate.First >= least?.Total.MicroDollars))
            {
                least = new UsualCost(twin.Gpu, twin.Capacity, candidate.Bid + DiskPerHour(twin), new Money(candidate.First), new Money(first.First));
            }
        }

        return least;
    }

    private static Offer Twin(Offer like, UsualPrice usual, double times)
    {
        Money Times(Money price) => new((long)(price.MicroDollars * times));
        var twin = like with { Id = "usual", Host = null, Until = null, Capacity = usual.Capacity, PricePerHour = Times(like.PricePerHour) };
        return like.Capacity == usual.Capacity
            ? twin with { BidFloor = like.BidFloor is { } floor ? Times(floor) : null, OnDemandPerHour = like.OnDemandPerHour is { } full ? Times(full) : null }
            : usual.Capacity == CapacityType.OnDemand
                ? twin with { BidFloor = null, OnDemandPerHour = null }
                : twin with { BidFloor = twin.PricePerHour, OnDemandPerHour = like.PricePerHour };
    }
}
