using Orchestrator.Offers;

namespace Orchestrator.Planning.Forecasting;

/// <summary>
/// The bids worth looking at: from the floor up to the machine's on-demand price. A higher bid is outbid less often; which
/// one is right is a matter of the same expected cost as all else.
/// </summary>
internal static class Bids
{
    /// <summary>Most that <see cref="Of"/> writes.</summary>
    public const int Most = 8;

    /// <summary>Bids are made in hundredths of a cent.</summary>
    private const long Step = 100;

    private static readonly long[] _percentOfFloor = [100, 110, 125, 150, 200];

    /// <summary>Writes them, lowest first.</summary>
    /// <param name="offer">The offer.</param>
    /// <param name="most">Highest bid allowed.</param>
    /// <param name="bids">At least six places.</param>
    /// <returns>How many; zero = not even the lowest is allowed.</returns>
    public static int Of(Offer offer, Money most, Span<Money> bids)
    {
        if (offer.Capacity != CapacityType.Interruptible || offer.BidFloor is not { } floor)
        {
            bids[0] = offer.PricePerHour;
            return offer.PricePerHour <= most ? 1 : 0;
        }

        // The floor may have been rounded on its way to us: a bid below it is refused, one a hair above costs nothing.
        var lowest = Ceiling(floor.MicroDollars);
        var highest = Math.Min(most.MicroDollars, Highest(offer, floor).MicroDollars);
        var count = 0;
        foreach (var percent in _percentOfFloor)
        {
            var bid = Ceiling(lowest * percent / 100);
            if (bid <= highest && (count == 0 || bid > bids[count - 1].MicroDollars))
            {
                bids[count++] = new Money(bid);
            }
        }

        var last = highest / Step * Step;
        if (count > 0 && last > bids[count - 1].MicroDollars)
        {
            bids[count++] = new Money(last);
        }

        return count;
    }

    /// <summary>Lowest bid that is taken.</summary>
    public static Money Lowest(Offer offer) => offer.BidFloor is { } floor && offer.Capacity == CapacityType.Interruptible ? new Money(Ceiling(floor.MicroDollars)) : offer.PricePerHour;

    /// <summary>0 at the floor, 1 at the on-demand price; in the middle of its risk where there is no bidding.</summary>
    public static double Position(Offer offer, Money bid)
    {
        if (offer.BidFloor is not { } floor)
        {
            return Neutral;
        }

        var room = Highest(offer, floor).MicroDollars - floor.MicroDollars;
        return room <= 0 ? 1 : Math.Clamp((double)(bid.MicroDollars - floor.MicroDollars) / room, 0, 1);
    }

    /// <summary>The on-demand price of the same machine, or what it usually is.</summary>
    public static Money Highest(Offer offer, Money floor) => offer.OnDemandPerHour ?? new Money((long)(floor.MicroDollars * Priors.OnDemandOverFloor));

    /// <summary>Where <see cref="Hazard.OfPosition"/> is 1.</summary>
    private static readonly double Neutral = Math.Log(1 / Priors.HazardAtFloor) / Math.Log(Priors.HazardAtOnDemand / Priors.HazardAtFloor);

    private static long Ceiling(long microDollars) => (microDollars + Step - 1) / Step * Step;
}
