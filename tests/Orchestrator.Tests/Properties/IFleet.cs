using System.Collections.Immutable;
using Orchestrator.Batches;
using Orchestrator.Reconciling;
using Orchestrator.Spending;

namespace Orchestrator.Tests.Properties;

/// <summary>The other jobs of a world, as far as limits are about all of them.</summary>
public interface IFleet
{
    /// <summary>What a tick sees of the room; it may be stale.</summary>
    Room? RoomOf(World world);

    /// <summary>What a tick sees of the job's batch; it may be stale. Null = it belongs to none.</summary>
    BatchView? BatchOf(World world);

    /// <summary>What an append asks, under its lock.</summary>
    bool Permits(World world, ImmutableArray<JobEvent> events);
}
