using System.Collections.Immutable;
using Orchestrator.Checkpoints;

namespace Orchestrator.Engine.Artifacts;

/// <param name="Verified">Checkpoints nobody had on the books, oldest first.</param>
/// <param name="Damaged">Keys of manifests that were found wrong.</param>
public sealed record ManifestScan(ImmutableArray<CheckpointRef> Verified, ImmutableArray<string> Damaged);
