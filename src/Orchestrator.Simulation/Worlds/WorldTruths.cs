using Orchestrator.Offers;

namespace Orchestrator.Simulation.Worlds;

/// <summary>
/// How the generated worlds really are. The planner never sees these figures; they come from the same recordings and the same
/// study as its priors, but where a figure is a judgement the two were judged apart, so that a forecast can be wrong.
/// </summary>
internal static class WorldTruths
{
    /// <summary>Lifetimes: shape of the Weibull distribution, and how much hosts of one kind differ (standard deviation of the logarithm of the rate).</summary>
    public const double LifeShape = 0.62;
    public const double HostSpread = 0.7;

    /// <summary>One card over hosts, cards against what a table says of them, and a person's estimate.</summary>
    public const double HostSpeedSpread = 0.06;
    public const double CardSpeedSpread = 0.12;
    public const double EstimateSpread = 0.15;

    /// <summary>A few hosts are far slower than their kind.</summary>
    public const double SlowHosts = 0.03;

    /// <summary>On some nights about half of all launches on the open market come to nothing.</summary>
    public const double BadNights = 0.15;
    public const double BadNightSuccess = 0.5;

    /// <summary>Interruptions per hour, averaged over the first day.</summary>
    public static double Rate(Offer offer)
    {
        var rate = offer.Tier switch
        {
            OfferTier.Own => 0.001,
            OfferTier.Datacenter => 0.002,
            OfferTier.Community => 0.008,
            OfferTier.Marketplace => 0.0005 + (0.45 * (1 - Math.Clamp(offer.Score ?? 0.97, 0.5, 1))),
        };
        return offer.Capacity == CapacityType.Interruptible ? rate + OutbidRate(offer) : rate;
    }

    /// <summary>A bid at the floor is outbid four times as often as one at the on-demand price.</summary>
    private static double OutbidRate(Offer offer)
    {
        var floor = (double)(offer.BidFloor ?? offer.PricePerHour).MicroDollars;
        var full = Math.Max(floor * 1.05, (double)(offer.OnDemandPerHour ?? offer.PricePerHour).MicroDollars);
        var position = Math.Clamp((offer.PricePerHour.MicroDollars - floor) / (full - floor), 0, 1);
        return (offer.Tier == OfferTier.Datacenter ? 0.16 : 0.06) * (1.6 - (1.2 * position));
    }

    public static double BootSuccess(Offer offer) => (offer.Tier, offer.Capacity) switch
    {
        (OfferTier.Own, _) => 0.99,
        (OfferTier.Datacenter, CapacityType.OnDemand) => 0.98,
        (OfferTier.Community, CapacityType.OnDemand) => 0.94,
        (OfferTier.Marketplace, CapacityType.OnDemand) => 0.87,
        (OfferTier.Datacenter or OfferTier.Community or OfferTier.Marketplace, _) => 0.80,
    };

    /// <summary>Median minutes from the order until the instance is up, image aside.</summary>
    public static double BootMinutes(Offer offer) => offer.Tier == OfferTier.Own ? 0.2 : offer.HostKind == HostKind.Machine ? 4 : 2.6;

    /// <summary>Median and spread of what a line reaches where nothing is published.</summary>
    public static (double Down, double Up, double Spread) Line(OfferTier tier) => tier switch
    {
        OfferTier.Own => (300, 100, 0.2),
        OfferTier.Datacenter => (600, 450, 0.3),
        OfferTier.Community => (280, 210, 0.6),
        OfferTier.Marketplace => (250, 180, 0.7),
    };
}
