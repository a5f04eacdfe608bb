using System.Collections.Immutable;

namespace Orchestrator.Agent.Checkpoints;

/// <summary>One stored checkpoint as it lay on this disk.</summary>
/// <param name="ManifestKey">Its commit point in the store.</param>
/// <param name="Entry">Its name below the checkpoint folder.</param>
/// <param name="Fingerprint">Of the entry as it was stored: the same again is not a new checkpoint.</param>
/// <param name="Files">Its files.</param>
internal sealed record StoredSet(string ManifestKey, string Entry, string Fingerprint, ImmutableArray<StoredFile> Files);
