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
    };
}
