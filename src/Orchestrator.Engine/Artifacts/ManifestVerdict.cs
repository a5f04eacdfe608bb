using Orchestrator.Checkpoints;

namespace Orchestrator.Engine.Artifacts;

/// <param name="Checkpoint">The verified checkpoint; null when it is damaged.</param>
/// <param name="Words">What is wrong; empty when nothing is.</param>
public sealed record ManifestVerdict(CheckpointRef? Checkpoint, string Words)
{
    internal static ManifestVerdict Damaged(string words) => new(null, words);
}
