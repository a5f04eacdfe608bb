using Orchestrator.Offers;

namespace Orchestrator.Planning.Checks;

/// <summary>Figures that cannot be: a provider that lies, or whose answer was misread. A negative price would win every ranking.</summary>
internal sealed class FigureCheck : Check
{
    public const string Price = "price that cannot be";
    private const string Score = "score that cannot be";
    private const string Cards = "count that cannot be";
    private const string Bandwidth = "no bandwidth figure";
    private const string Bid = "bid floor above the on-demand price";
    private const int MostGpus = 1024;

    /// <summary>Per hour; a thousand times what the dearest machine costs.</summary>
    private static readonly Money _dearest = Money.FromDollars(100_000);

    /// <summary>Per gigabyte, moved or kept for a month.</summary>
    private static readonly Money _dearestGB = Money.FromDollars(1_000);

    private static readonly TimeSpan _longestUnit = TimeSpan.FromDays(31);

    public override string? Rejects(Offer offer) =>
        !IsPrice(offer.PricePerHour, _dearest) || IsGift(offer) || !IsPrice(offer.DiskPerGBMonth, _dearestGB) || !IsPrice(offer.DownPerGB, _dearestGB) || !IsPrice(offer.UpPerGB, _dearestGB)
            || offer.BillingUnit <= TimeSpan.Zero || offer.BillingUnit > _longestUnit
            || (offer.BidFloor is { } least && !IsPrice(least, _dearest)) || (offer.OnDemandPerHour is { } dear && !IsPrice(dear, _dearest)) ? Price
        : offer.GpuCount is < 0 or > MostGpus ? Cards
        : offer.Score is { } score && !(score >= 0 && score <= 1) ? Score
        : IsNoLine(offer.DownMbps) || IsNoLine(offer.UpMbps) ? Bandwidth
        : offer.Capacity == CapacityType.Interruptible && Forecasting.Bids.Lowest(offer) > (offer.OnDemandPerHour ?? _dearest) ? Bid
        : null;

    public override string Words(Offer offer) => Rejects(offer) switch
    {
        Price when !IsPrice(offer.PricePerHour, _dearest) => $"{offer.PricePerHour}/h is no price",
        Price when IsGift(offer) => $"{(offer.PricePerHour > Money.Zero ? "a lowest bid of " : "")}$0.00/h: nobody rents out for nothing, so that the answer was misread",
        Price => $"disk {offer.DiskPerGBMonth}/GB, in {offer.DownPerGB}/GB, out {offer.UpPerGB}/GB, unit {offer.BillingUnit}, floor {offer.BidFloor}, on demand {offer.OnDemandPerHour}: one is no price",
        Cards => $"{offer.GpuCount} GPUs",
        Score => FormattableString.Invariant($"score {offer.Score}, between 0 and 1 is possible"),
        Bandwidth => FormattableString.Invariant($"{offer.DownMbps} Mbps down, {offer.UpMbps} up: its test failed, or nothing reaches it"),
        _ => $"floor {offer.BidFloor ?? offer.PricePerHour}, on demand it costs {offer.OnDemandPerHour}",
    };

    private static bool IsPrice(Money price, Money most) => price >= Money.Zero && price <= most;

    /// <summary>Nothing an hour would win every ranking, and is a misread answer more often than a gift.</summary>
    private static bool IsGift(Offer offer) =>
        offer.Tier != OfferTier.Own && (offer.PricePerHour == Money.Zero || (offer.Capacity == CapacityType.Interruptible && offer.BidFloor == Money.Zero));

    private static bool IsNoLine(double? mbps) => mbps is { } figure && !(figure > 0 && double.IsFinite(figure));
}
