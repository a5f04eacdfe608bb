using Orchestrator.Reconciling;

namespace Orchestrator.Providers.Local;

/// <summary>This machine as a provider.</summary>
public sealed record LocalProviderOptions
{
    /// <summary>Folder that holds a folder per instance.</summary>
    public required string InstancesFolder { get; init; }

    /// <summary>The agent's executable.</summary>
    public required string AgentPath { get; init; }

    /// <summary>CPUs to give away, one slot each; default all of the machine's.</summary>
    public int Cpus { get; init; } = Environment.ProcessorCount;

    /// <summary>Memory an instance may count on, in bytes; default the machine's.</summary>
    public long MemoryBytes { get; init; } = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    /// <summary>Price of one CPU slot or GPU per hour; default 0: the machine is the user's own.</summary>
    public Money PricePerHour { get; init; }

    public LocalFaults Faults { get; init; } = new();

    /// <summary>A process is there or not: lists lag only when <see cref="LocalFaults.DelayList"/> makes them.</summary>
    public ProviderTimings Timings { get; init; } = new()
    {
        CreateTimeout = TimeSpan.FromSeconds(30),
        Settling = TimeSpan.FromSeconds(3),
        Boot = TimeSpan.FromSeconds(60),
        Connect = TimeSpan.FromSeconds(60),
    };
}
