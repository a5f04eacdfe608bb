using System.Collections.Immutable;

namespace Orchestrator.Jobs;

/// <summary>What an offer must have.</summary>
public sealed record ResourceRequest
{
    /// <summary>Alternatives in the order written; empty means no GPU is needed.</summary>
    public ImmutableArray<GpuRequirement> Gpu { get; init; } = [];

    /// <summary>Minimum of virtual CPUs of the whole instance; null means <see cref="CpuFor"/>.</summary>
    public int? Cpu { get; init; }

    /// <summary>Minimum RAM of the whole instance; null means <see cref="MemoryFor"/>.</summary>
    public ByteSize? Memory { get; init; }

    /// <summary>Minimum disk; null is auto.</summary>
    public ByteSize? Disk { get; init; }

    /// <summary>Size of /dev/shm; null is auto (half the RAM).</summary>
    public ByteSize? Shm { get; init; }

    /// <summary>Lowest CUDA version the driver must support; null is read from the image where labelled.</summary>
    public CudaVersion? Cuda { get; init; }

    /// <summary>Minimum download bandwidth in megabits per second.</summary>
    public int? DownMbps { get; init; }

    /// <summary>Minimum upload bandwidth in megabits per second.</summary>
    public int? UpMbps { get; init; }

    /// <summary>CPUs an instance with this many GPUs must have: as written, else four per GPU; one where there is none.</summary>
    public int CpuFor(int gpus) => Cpu ?? Math.Max(1, 4 * gpus);

    /// <summary>RAM an instance with this many GPUs must have: as written, else 16 GB per GPU; any amount will do where there is none.</summary>
    public ByteSize MemoryFor(int gpus) => Memory ?? new ByteSize(16_000_000_000L * gpus);
}
