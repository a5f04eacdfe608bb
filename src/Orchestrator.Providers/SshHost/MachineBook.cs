using System.Collections.Immutable;

namespace Orchestrator.Providers.SshHost;

/// <summary>What runs on a machine, read from the machine.</summary>
/// <param name="Instances">Every instance with a card.</param>
/// <param name="UsedSlots">Numbers of the slots in use.</param>
/// <param name="FolderId">What our folder there is called for as long as it exists; null = it has no name.</param>
/// <param name="Agents">Hashes of the agents that began them, by instance.</param>
internal sealed record MachineBook(ImmutableArray<ListedInstance> Instances, ImmutableHashSet<int> UsedSlots, string? FolderId, ImmutableDictionary<string, string> Agents);
