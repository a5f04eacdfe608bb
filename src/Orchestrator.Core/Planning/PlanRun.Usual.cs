using Orchestrator.Jobs;
using Orchestrator.Offers;
using Orchestrator.Planning.Checks;
using Orchestrator.Planning.Prices;
using Orchestrator.Reconciling;

namespace Orchestrator.Planning;

/// <summary>What a plan says of the market against what is usual.</summary>
internal sealed partial class PlanRun
{
    /// <summary>A kind that was seen in fewer hours is often gone: that is usual too.</summary>
    private const int LeastHours = 36;

    /// <summary>Share of the cost; less is not worth a wait.</summary>
    private const double LeastSaved = 0.1;

    /// <summary>
    /// Only with a deadline: it says how long there is time to wait. Where the lowest price of the card is clearly above what is
    /// usual and so is the median, or nothing is offered that way at all, the best offer's twin is priced as it would cost then: dearer
    /// than the lowest by as much as the best offer is now, so that a policy which the cheapest hosts do not satisfy does not wait for
    /// their price. Where a provider does not answer nobody knows what is gone.
    /// </summary>
    private UsualCost? Usually(Best best, IEnumerable<Offer> offers, bool complete)
    {
        if (!complete || _hoursLeft is null || _by != PlanPreference.Cost || _request.Running is not null || _usual.IsDefaultOrEmpty || best.Kept is not [{ IsLate: false } first, ..])
        {
            return null;
        }

        var kinds = _usual.Where(usual => usual.Gpu == first.Offer.Gpu && usual.Hours >= LeastHours).ToList();
        if (kinds.Count == 0)
        {
            return null;
        }

        var now = CardPrices.Of(offers.Where(offer => offer.Gpu == first.Offer.Gpu)).GroupBy(price => price.Capacity)
            .ToDictionary(kind => kind.Key, kind => UsualPrices.Of([[.. kind]])[0]);
        if (!now.TryGetValue(first.Offer.Capacity, out var asked) || asked.Lowest <= Money.Zero)
        {
            return null;
        }

        UsualCost? least = null;
        foreach (var usual in kinds)
        {
            var isOtherKind = usual.Capacity != first.Offer.Capacity;
            if ((now.TryGetValue(usual.Capacity, out var there) && !IsDearer(there, usual)) || (isOtherKind && NamesPlaces))
            {
                continue;
            }

            // Of two signs the one that promises less.
            var times = (double)usual.Lowest.MicroDollars / asked.Lowest.MicroDollars;
            var twin = Twin(first.Offer, usual, isOtherKind ? times : Math.Max(times, (double)usual.Median.MicroDollars / asked.Median.MicroDollars));
            if (Filter(twin, out _) is null && Rank(twin, out var candidate, out _) is null && IsWorthIt(candidate, first) && !(candidate.First >= least?.Total.MicroDollars))
            {
                least = new UsualCost(twin.Gpu, twin.Capacity, candidate.Bid + DiskPerHour(twin), new Money(candidate.First), new Money(first.First));
            }
        }

        return least;
    }

    private static bool IsDearer(UsualPrice now, UsualPrice usual) =>
        usual.Lowest.MicroDollars <= (1 - LeastSaved) * now.Lowest.MicroDollars && usual.Median.MicroDollars <= (1 - LeastSaved) * now.Median.MicroDollars;

    /// <summary>A tenth of the cost, and no less than an hour costs now: who is nearly done has nothing to wait for.</summary>
    private bool IsWorthIt(in Candidate usual, in Candidate now) =>
        usual.First < (1 - LeastSaved) * now.First && now.First - usual.First > (now.Bid + DiskPerHour(now.Offer)).MicroDollars;

    /// <summary>Where the spec says which places will do, what others usually ask for another kind of capacity may never be among them.</summary>
    private bool NamesPlaces => !_request.Demand.Providers.IsEmpty || _request.Sensitive || _request.Reliability is not { Tier: null, Regions.IsEmpty: true };

    private static Offer Twin(Offer like, UsualPrice usual, double times)
    {
        Money Times(Money price) => new((long)(price.MicroDollars * times));
        var twin = like with { Id = "usual", Warm = null, Host = null, Until = null, Capacity = usual.Capacity, PricePerHour = Times(like.PricePerHour) };
        return like.Capacity == usual.Capacity
            ? twin with { BidFloor = like.BidFloor is { } floor ? Times(floor) : null, OnDemandPerHour = like.OnDemandPerHour is { } full ? Times(full) : null }
            : usual.Capacity == CapacityType.OnDemand
                ? twin with { BidFloor = null, OnDemandPerHour = null }
                : twin with { BidFloor = twin.PricePerHour, OnDemandPerHour = like.PricePerHour };
    }
}
