using Orchestrator.Offers;

namespace Orchestrator.Attempts;

/// <summary>What an attempt keeps of its offer: enough to launch it, to charge it and to say where it ran.</summary>
public sealed record OfferTaken
{
    public required string Provider { get; init; }

    public required string OfferId { get; init; }

    public required CapacityType Capacity { get; init; }

    public required HostKind HostKind { get; init; }

    public string? Host { get; init; }

    /// <summary>Attempts of older releases ran on own machines only.</summary>
    public OfferTier Tier { get; init; }

    public required Money PricePerHour { get; init; }

    public string? Gpu { get; init; }

    public int GpuCount { get; init; }

    public int Cpus { get; init; }

    public long MemoryBytes { get; init; }

    /// <summary>When the rental ends by itself; null = open-ended.</summary>
    public DateTimeOffset? Until { get; init; }

    // What staying there costs is figured from these; attempts of older releases lack them.
    public double? Score { get; init; }

    public double? Performance { get; init; }

    public double? DownMbps { get; init; }

    public double? UpMbps { get; init; }

    public Money? DiskPerGBMonth { get; init; }

    public Money? DownPerGB { get; init; }

    public Money? UpPerGB { get; init; }

    public Money? BidFloor { get; init; }

    public Money? OnDemandPerHour { get; init; }

    public static OfferTaken Of(Offer offer) => new()
    {
        Provider = offer.Provider,
        OfferId = offer.Id,
        Capacity = offer.Capacity,
        HostKind = offer.HostKind,
        Host = offer.Host,
        Tier = offer.Tier,
        PricePerHour = offer.PricePerHour,
        Gpu = offer.Gpu,
        GpuCount = offer.GpuCount,
        Cpus = offer.Cpus,
        MemoryBytes = offer.MemoryBytes,
        Until = offer.Until,
        Score = offer.Score,
        Performance = offer.Performance,
        DownMbps = offer.DownMbps,
        UpMbps = offer.UpMbps,
        DiskPerGBMonth = offer.DiskPerGBMonth,
        DownPerGB = offer.DownPerGB,
        UpPerGB = offer.UpPerGB,
        BidFloor = offer.BidFloor,
        OnDemandPerHour = offer.OnDemandPerHour,
    };

    /// <summary>As far as it was kept: figures that only choosing needs are unknown.</summary>
    public Offer ToOffer() => new()
    {
        Provider = Provider,
        Id = OfferId,
        Capacity = Capacity,
        HostKind = HostKind,
        Host = Host,
        Tier = Tier,
        PricePerHour = PricePerHour,
        Gpu = Gpu,
        GpuCount = GpuCount,
        Cpus = Cpus,
        MemoryBytes = MemoryBytes,
        Until = Until,
        Score = Score,
        Performance = Performance,
        DownMbps = DownMbps,
        UpMbps = UpMbps,
        DiskPerGBMonth = DiskPerGBMonth ?? Money.Zero,
        DownPerGB = DownPerGB ?? Money.Zero,
        UpPerGB = UpPerGB ?? Money.Zero,
        BidFloor = BidFloor,
        OnDemandPerHour = OnDemandPerHour,
    };
}
