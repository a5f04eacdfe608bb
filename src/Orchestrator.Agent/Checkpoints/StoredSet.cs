using System.Collections.Immutable;

namespace Orchestrator.Agent.Checkpoints;

/// <summary>One stored checkpoint as it lay on this disk.</summary>
/// <param name="ManifestKey">Its commit point in the store.</param>
/// <param name="Files">Its files.</param>
/// <param name="Entry">Its name; null where an older agent noted it.</param>
/// <param name="Step">Of the trainer.</param>
internal sealed record StoredSet(string ManifestKey, ImmutableArray<StoredFile> Files, string? Entry = null, long? Step = null);
