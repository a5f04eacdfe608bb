using System.Collections.Immutable;

namespace Orchestrator.Agent.Checkpoints;

/// <summary>One stored checkpoint as it lay on this disk.</summary>
/// <param name="ManifestKey">Its commit point in the store.</param>
/// <param name="Files">Its files.</param>
internal sealed record StoredSet(string ManifestKey, ImmutableArray<StoredFile> Files);
