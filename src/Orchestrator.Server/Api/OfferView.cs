using System.Collections.Immutable;

namespace Orchestrator.Server.Api;

/// <summary>Something rentable now. Figures a provider does not publish are null.</summary>
public sealed record OfferView
{
    public required string Provider { get; init; }

    public required string Id { get; init; }

    public required string Capacity { get; init; }

    public string? Host { get; init; }

    /// <summary>Names its tier or its owner gave it.</summary>
    public ImmutableArray<string> Labels { get; init; } = [];

    /// <summary><c>own</c>, <c>datacenter</c>, <c>community</c> or <c>marketplace</c>.</summary>
    public string? Tier { get; init; }

    /// <summary>Upper-case ISO code.</summary>
    public string? Country { get; init; }

    public decimal PricePerHour { get; init; }

    public string? Gpu { get; init; }

    public int GpuCount { get; init; }

    public int? GpuMemoryGB { get; init; }

    public int Cpus { get; init; }

    public long MemoryBytes { get; init; }

    public long? DiskBytes { get; init; }
}
