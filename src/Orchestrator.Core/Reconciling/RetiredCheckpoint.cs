using Orchestrator.Checkpoints;

namespace Orchestrator.Reconciling;

/// <summary>A checkpoint on its way out.</summary>
public sealed record RetiredCheckpoint
{
    public required CheckpointRef Checkpoint { get; init; }

    /// <summary>The live attempt that must say it no longer builds on it; null = nobody does, it may be deleted now.</summary>
    public int? AwaitsAttempt { get; init; }
}
