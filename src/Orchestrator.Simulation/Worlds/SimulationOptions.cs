using System.Collections.Immutable;

namespace Orchestrator.Simulation.Worlds;

/// <summary>How much is simulated.</summary>
public sealed record SimulationOptions
{
    public int Worlds { get; init; } = 1000;

    public long Seed { get; init; } = 1;

    /// <summary>The first is the one that the others are compared with.</summary>
    public ImmutableArray<Chooser> Choosers { get; init; } = Chooser.All;

    /// <summary>Worlds at a time; the report is the same whatever this is.</summary>
    public int Parallel { get; init; } = Environment.ProcessorCount;
}
