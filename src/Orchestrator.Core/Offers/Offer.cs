using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Orchestrator.Attempts;
using Orchestrator.Jobs;

namespace Orchestrator.Offers;

/// <summary>Something rentable now. Figures a provider does not publish are null, never zero.</summary>
public sealed record Offer
{
    public required string Provider { get; init; }

    /// <summary>The provider's id of the offer; unique within the provider at one time.</summary>
    public required string Id { get; init; }

    public required CapacityType Capacity { get; init; }

    public required HostKind HostKind { get; init; }

    /// <summary>Stable identity of the physical host where the provider gives one: <c>vast/58761</c>, <c>local/this</c>.</summary>
    public string? Host { get; init; }

    /// <summary>Compute price in dollars per hour for the whole instance.</summary>
    public required Money PricePerHour { get; init; }

    /// <summary>Canonical GPU name, or null for a CPU-only offer.</summary>
    public string? Gpu { get; init; }

    public int GpuCount { get; init; }

    /// <summary>Nominal memory of one GPU in decimal gigabytes.</summary>
    public int? GpuMemoryGB { get; init; }

    /// <summary>Newest CUDA that the driver serves.</summary>
    public CudaVersion? Cuda { get; init; }

    public int Cpus { get; init; }

    public long MemoryBytes { get; init; }

    public long? DiskBytes { get; init; }

    /// <summary>Names its tier or its owner gave it; a spec chooses by them: <c>PROVIDER/LABEL</c>.</summary>
    public ImmutableArray<string> Labels { get; init; } = [];

    /// <summary>When the rental ends by itself (an expiry, the end of the hours it may be used); null = open-ended.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>After <see cref="Until"/> it comes back, every day (hours it may be used): what has checkpoints goes on there then.</summary>
    public bool Reopens { get; init; }

    /// <summary>Whether a spec with an <c>image</c> can run there.</summary>
    public bool RunsImages { get; init; }

    /// <summary>Why not, where that is known.</summary>
    public string? NoImages { get; init; }

    public OfferTier Tier { get; init; } = OfferTier.Own;

    /// <summary>Whether a job marked <c>sensitive</c> may go there without its owner naming the provider.</summary>
    public bool Trusted { get; init; }

    /// <summary>Whether the provider has verified the host; null = it verifies none.</summary>
    public bool? Verified { get; init; }

    /// <summary>The provider's reliability score of the host, 0 to 1.</summary>
    public double? Score { get; init; }

    /// <summary>Since when the host is listed.</summary>
    public DateTimeOffset? ListedSince { get; init; }

    /// <summary>Upper-case ISO 3166 country code.</summary>
    public string? Country { get; init; }

    /// <summary>Disk price in dollars per decimal gigabyte and month of 730 hours, billed while the instance exists.</summary>
    public Money DiskPerGBMonth { get; init; }

    /// <summary>What the host charges for a decimal gigabyte that it receives.</summary>
    public Money DownPerGB { get; init; }

    /// <summary>What the host charges for a decimal gigabyte that it sends.</summary>
    public Money UpPerGB { get; init; }

    /// <summary>Time is billed in whole units of this length.</summary>
    public TimeSpan BillingUnit { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Lowest bid per hour that is taken, on interruptible offers; <see cref="PricePerHour"/> is then the bid that will be made.</summary>
    public Money? BidFloor { get; init; }

    /// <summary>What the same machine costs on demand; a bid never passes it.</summary>
    public Money? OnDemandPerHour { get; init; }

    /// <summary>How the cards are connected; null = not published.</summary>
    public GpuInterconnect? Interconnect { get; init; }

    /// <summary>CUDA compute capability, for example 8.9.</summary>
    public decimal? ComputeCapability { get; init; }

    /// <summary>Megabits per second the host receives from the internet.</summary>
    public double? DownMbps { get; init; }

    /// <summary>Megabits per second the host sends.</summary>
    public double? UpMbps { get; init; }

    /// <summary>The provider's own measure of the whole instance's speed; comparable within one provider only.</summary>
    public double? Performance { get; init; }

    /// <summary>An instance that another job of the batch gives up: it is there, and holds image and data. Null = it would have to be rented.</summary>
    public WarmHost? Warm { get; init; }

    /// <summary>Whoever loses that host loses this offer with it.</summary>
    public bool IsOnHostOf(Offer other) => Provider == other.Provider && (Host is not null ? Host == other.Host : Id == other.Id);

    /// <summary>It may be used without a limit on what the job costs.</summary>
    [JsonIgnore]
    public bool IsOwnOrFree =>
        Tier == OfferTier.Own || (PricePerHour <= Money.Zero && DiskPerGBMonth <= Money.Zero && DownPerGB <= Money.Zero && UpPerGB <= Money.Zero);
}
