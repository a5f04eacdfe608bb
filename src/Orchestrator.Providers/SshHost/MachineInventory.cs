using System.Collections.Immutable;
using Orchestrator.Jobs;

namespace Orchestrator.Providers.SshHost;

/// <summary>What a machine says it has.</summary>
public sealed record MachineInventory
{
    /// <summary>Absolute path of our folder there.</summary>
    public required string Root { get; init; }

    public required int Cpus { get; init; }

    public required long MemoryBytes { get; init; }

    /// <summary>On the disk of our folder.</summary>
    public long? DiskFreeBytes { get; init; }

    /// <summary>On the disk where Docker keeps images and containers; null = no Docker, or it does not lie on this machine's disks.</summary>
    public long? DockerFreeBytes { get; init; }

    /// <summary>What a job can count on: it writes to its container and to our folder.</summary>
    public long? RoomBytes => DockerFreeBytes < DiskFreeBytes ? DockerFreeBytes : DiskFreeBytes;

    /// <summary>Names as <c>nvidia-smi</c> lists them, in its order.</summary>
    public ImmutableArray<string> Gpus { get; init; } = [];

    public string? Driver { get; init; }

    /// <summary>Newest CUDA that the driver serves.</summary>
    public CudaVersion? Cuda { get; init; }

    /// <summary>Version of the Docker daemon; null = none answers.</summary>
    public string? Docker { get; init; }

    /// <summary>Why the Docker that is there cannot be used.</summary>
    public string? DockerTrouble { get; init; }

    /// <summary>The daemon knows the NVIDIA runtime.</summary>
    public bool NvidiaRuntime { get; init; }

    /// <summary>Why no container can be made there; null = one can.</summary>
    public string? NoImages => this switch
    {
        { DockerTrouble: { } trouble } => "Docker cannot be used: " + trouble,
        { Docker: null } => "no Docker",
        { Gpus.IsEmpty: false, NvidiaRuntime: false } => "Docker lacks the NVIDIA runtime",
        _ => null,
    };

    /// <summary>Why nothing new may begin there; null = it may. What runs there is not concerned.</summary>
    public string? Trouble { get; init; }

    public string System { get; init; } = "";

    public string? Glibc { get; init; }

    /// <summary>Its clock less ours, when asked.</summary>
    public TimeSpan ClockAhead { get; init; }
}
