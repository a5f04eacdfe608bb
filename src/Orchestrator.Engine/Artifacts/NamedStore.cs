using Orchestrator.Engine.Artifacts.Folder;

namespace Orchestrator.Engine.Artifacts;

/// <summary>A store as the configuration names it.</summary>
/// <param name="Name">What specs and messages call it.</param>
/// <param name="Store">The whole of it.</param>
/// <param name="Prefix">All that is ours lies below this; empty, or with a trailing slash.</param>
/// <param name="What">In words, for a person.</param>
public sealed record NamedStore(string Name, IObjectStore Store, string Prefix, string What)
{
    /// <summary>What its owner charges for a gigabyte read from outside; zero where the configuration names no price.</summary>
    public Money EgressPerGb { get; init; }

    /// <summary>Null = nobody knows: most buckets charge, a folder of ours does not.</summary>
    public Money? KnownEgress => EgressPerGb > Money.Zero || Store is FolderStore ? EgressPerGb : null;
}
