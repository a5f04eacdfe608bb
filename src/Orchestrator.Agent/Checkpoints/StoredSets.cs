using System.Collections.Immutable;

namespace Orchestrator.Agent.Checkpoints;

/// <param name="Sets">Checkpoints whose objects later ones may refer to: the restored one and this attempt's newest.</param>
/// <param name="Seen">Fingerprints of entries that are dealt with, by name: the same again is not a new checkpoint.</param>
internal sealed record StoredSets(ImmutableArray<StoredSet> Sets, ImmutableSortedDictionary<string, string> Seen);
