using System.Collections.Immutable;

namespace Orchestrator.Agent.Checkpoints;

/// <summary>Checkpoints whose objects later ones may refer to: the restored one and this attempt's newest.</summary>
internal sealed record StoredSets(ImmutableArray<StoredSet> Sets);
