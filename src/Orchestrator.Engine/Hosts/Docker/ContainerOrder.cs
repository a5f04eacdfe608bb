using System.Collections.Immutable;
using Orchestrator.Attempts;
using Orchestrator.Jobs;
using Orchestrator.Reconciling;

namespace Orchestrator.Engine.Hosts.Docker;

/// <summary>All that a container is made of.</summary>
internal sealed record ContainerOrder
{
    /// <summary>The instance's folder name on its machine.</summary>
    public required string Instance { get; init; }

    /// <summary>The agent's <c>--root</c>: a folder of the machine that the container sees at the same path.</summary>
    public required string Root { get; init; }

    /// <summary>Whose books the container is on: the id of our folder on the machine.</summary>
    public required string Folder { get; init; }

    /// <summary>Id of the image there.</summary>
    public required string Image { get; init; }

    /// <summary>Numbers of the machine's GPUs that are the instance's.</summary>
    public required ImmutableArray<string> Gpus { get; init; }

    public required JobState Job { get; init; }

    public required Attempt Attempt { get; init; }

    public required ResourceRequest Resources { get; init; }

    /// <summary>What the daemon has in all.</summary>
    public required (long Cpus, long MemoryBytes) Daemon { get; init; }

    /// <summary>Oldest C library that the agent runs with, and megabytes it needs.</summary>
    public required (string Glibc, long Megabytes) Needs { get; init; }

    /// <summary>False = the daemon may not raise them.</summary>
    public bool RaisesLimits { get; init; } = true;
}
