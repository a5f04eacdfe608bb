namespace Orchestrator.Server.Api;

/// <summary>Something rentable now. Figures a provider does not publish are null.</summary>
public sealed record OfferView
{
    public required string Provider { get; init; }

    public required string Id { get; init; }

    public required string Capacity { get; init; }

    public string? Host { get; init; }

    public decimal PricePerHour { get; init; }

    public string? Gpu { get; init; }

    public int GpuCount { get; init; }

    public int? GpuMemoryGB { get; init; }

    public int Cpus { get; init; }

    public long MemoryBytes { get; init; }

    public long? DiskBytes { get; init; }
}
