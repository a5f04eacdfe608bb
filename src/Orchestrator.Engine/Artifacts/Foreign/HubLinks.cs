using System.Collections.Immutable;

namespace Orchestrator.Engine.Artifacts.Foreign;

/// <summary>A folder of a repository of the Hub at one commit, which nobody changes.</summary>
internal sealed class HubLinks(HubClient hub, HubPlace folder) : IForeignLinks
{
    public async Task<SignedUrl> LinkAsync(string path, DateTimeOffset expires, string? version, CancellationToken cancellation) =>
        new((await hub.LinkAsync(folder, StorePlace.Folder(folder.Path) + path, cancellation)).AbsoluteUri, expires, ImmutableSortedDictionary<string, string>.Empty);
}
