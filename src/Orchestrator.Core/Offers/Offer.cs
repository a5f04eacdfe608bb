using System.Collections.Immutable;
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

    /// <summary>Whether a spec with an <c>image</c> can run there.</summary>
    public bool RunsImages { get; init; }

    /// <summary>Why not, where that is known.</summary>
    public string? NoImages { get; init; }
}
