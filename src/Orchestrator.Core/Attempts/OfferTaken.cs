using System.Text.Json.Serialization;
using Orchestrator.Offers;
using Orchestrator.Reconciling;

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

    /// <summary>Where it stands, in the provider's word; attempts of older releases lack it.</summary>
    public string? Country { get; init; }

    // What else is billed. Attempts of older releases ran on own machines, which bill none of it.

    /// <summary>Time is billed in whole units of this length; zero = to the moment.</summary>
    public TimeSpan BillingUnit { get; init; }

    public Money DiskPerGBMonth { get; init; }

    /// <summary>Disk that is rented with it.</summary>
    public long DiskBytes { get; init; }

    /// <summary>What the host charges for a gigabyte that it receives, and that it sends.</summary>
    public Money DownPerGB { get; init; }

    public Money UpPerGB { get; init; }

    /// <summary>What the store charges for a gigabyte that leaves it.</summary>
    public Money EgressPerGB { get; init; }

    /// <summary>The image, which the host pulls from elsewhere.</summary>
    public long ImageBytes { get; init; }

    /// <summary>Code and data that the host receives from the store.</summary>
    public long DataBytes { get; init; }

    /// <summary>How large a checkpoint was taken to be.</summary>
    public long CheckpointBytes { get; init; }

    public string? Gpu { get; init; }

    public int GpuCount { get; init; }

    public int Cpus { get; init; }

    public long MemoryBytes { get; init; }

    /// <summary>When the rental ends by itself; null = open-ended.</summary>
    public DateTimeOffset? Until { get; init; }

    // What staying there costs is figured from these as well; attempts of older releases lack them.

    public double? Score { get; init; }

    public double? Performance { get; init; }

    public double? DownMbps { get; init; }

    public double? UpMbps { get; init; }

    public Money? BidFloor { get; init; }

    public Money? OnDemandPerHour { get; init; }

    [JsonIgnore]
    public Money DiskPerHour => DiskPerGBMonth.PerGBMonthInHour(DiskBytes);

    /// <summary>What being there adds to the bill per hour.</summary>
    [JsonIgnore]
    public Money PerHour => PricePerHour + DiskPerHour;

    /// <summary>Whether it adds anything to the bill.</summary>
    [JsonIgnore]
    public bool IsFree => PerHour <= Money.Zero && DownPerGB <= Money.Zero && UpPerGB <= Money.Zero && EgressPerGB <= Money.Zero;

    /// <summary>Being there for so long: begun units are billed whole, the disk to the moment.</summary>
    public Money CostOf(TimeSpan time) => PricePerHour.PerHourFor(Begun(time)) + DiskPerHour.PerHourFor(time);

    /// <summary>So many bytes from the store.</summary>
    public Money CostOfFetching(long bytes) => DownPerGB.PerGBFor(bytes) + EgressPerGB.PerGBFor(bytes);

    /// <summary>With the rest of the unit that was begun.</summary>
    public TimeSpan Begun(TimeSpan time) => BillingUnit <= TimeSpan.Zero || time <= TimeSpan.Zero
        ? time
        : new TimeSpan((time.Ticks + BillingUnit.Ticks - 1) / BillingUnit.Ticks * BillingUnit.Ticks);

    /// <param name="offer">What is rented.</param>
    /// <param name="loads">What it will hold and move; null = not known.</param>
    public static OfferTaken Of(Offer offer, LoadView? loads) => offer.Warm is { } warm
        ? Rented(offer, loads) with { DiskBytes = warm.DiskBytes, ImageBytes = 0, DataBytes = warm.FetchBytes }
        : Rented(offer, loads);

    private static OfferTaken Rented(Offer offer, LoadView? loads) => new()
    {
        Provider = offer.Provider,
        OfferId = offer.Id,
        Capacity = offer.Capacity,
        HostKind = offer.HostKind,
        Host = offer.Host,
        Tier = offer.Tier,
        Country = offer.Country,
        PricePerHour = offer.PricePerHour,
        BillingUnit = offer.BillingUnit,
        DiskPerGBMonth = offer.DiskPerGBMonth,
        DiskBytes = loads?.DiskBytes ?? 0,
        DownPerGB = offer.DownPerGB,
        UpPerGB = offer.UpPerGB,
        EgressPerGB = loads?.EgressPerGB ?? Money.Zero,
        ImageBytes = loads?.ImageBytes ?? 0,
        DataBytes = loads?.DataBytes ?? 0,
        CheckpointBytes = loads?.CheckpointBytes ?? 0,
        Gpu = offer.Gpu,
        GpuCount = offer.GpuCount,
        Cpus = offer.Cpus,
        MemoryBytes = offer.MemoryBytes,
        Until = offer.Until,
        Score = offer.Score,
        Performance = offer.Performance,
        DownMbps = offer.DownMbps,
        UpMbps = offer.UpMbps,
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
        Country = Country,
        PricePerHour = PricePerHour,
        BillingUnit = BillingUnit > TimeSpan.Zero ? BillingUnit : TimeSpan.FromSeconds(1),
        DiskPerGBMonth = DiskPerGBMonth,
        DownPerGB = DownPerGB,
        UpPerGB = UpPerGB,
        Gpu = Gpu,
        GpuCount = GpuCount,
        Cpus = Cpus,
        MemoryBytes = MemoryBytes,
        Until = Until,
        Score = Score,
        Performance = Performance,
        DownMbps = DownMbps,
        UpMbps = UpMbps,
        BidFloor = BidFloor,
        OnDemandPerHour = OnDemandPerHour,
    };
}
