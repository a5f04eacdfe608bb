using System.Collections.Immutable;
using Orchestrator.Checkpoints;

namespace Orchestrator.Simulation.Worlds;

/// <summary>The job's checkpoints as they lie in the store.</summary>
internal sealed class SimulatedStore
{
    private readonly List<CheckpointRef> _checkpoints = [];

    public void Put(CheckpointRef checkpoint) => _checkpoints.Add(checkpoint);

    public void Delete(string manifestKey) => _checkpoints.RemoveAll(checkpoint => checkpoint.ManifestKey == manifestKey);

    public ImmutableArray<CheckpointRef> All() => [.. _checkpoints];

    /// <summary>Work that a checkpoint holds, in seconds of the estimate.</summary>
    public long StepOf(string? manifestKey) => manifestKey is null ? 0 : _checkpoints.Find(checkpoint => checkpoint.ManifestKey == manifestKey)?.Step ?? 0;
}
