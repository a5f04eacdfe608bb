using System.Collections.Immutable;
using System.Globalization;
using Orchestrator.Jobs;
using Orchestrator.Protocol;

namespace Orchestrator.Engine.Artifacts.Foreign;

/// <summary>Data behind an <c>https://</c> URL: one file, looked at when the job is submitted and fetched by hosts.</summary>
internal sealed class WebSources(WebObjects web)
{
    private const int Mode = 0b110_100_100;

    /// <summary>Throws <see cref="StoreException"/>.</summary>
    /// <param name="mount">Data with an <c>https://</c> URL.</param>
    /// <param name="index">Of the source in its job: its key begins with <c>from/INDEX/</c>.</param>
    /// <param name="cancellation">Ends it.</param>
    internal async Task<ListedSource> ListAsync(DataMount mount, int index, CancellationToken cancellation)
    {
        var url = new Uri(mount.From);
        var below = string.Create(CultureInfo.InvariantCulture, $"from/{index}/");
        var problems = ImmutableArray.CreateBuilder<string>();
        if (!mount.Include.IsEmpty || !mount.Exclude.IsEmpty)
        {
            problems.Add($"{mount.From} is one file; include and exclude are for folders, leave them out");
        }

        if (mount.From.EndsWith('/') || url.AbsolutePath == "/")
        {
            problems.Add($"{mount.From}: over https single files are read, not folders; name a file");
        }

        var found = await web.LookAsync(url, cancellation);
        if (found.Size is null)
        {
            problems.Add($"{WebObjects.Shown(url)}: its server does not tell its size; download it and bring it as a folder");
        }

        const string name = "file";
        var versions = found.Version is { } version ? ImmutableSortedDictionary<string, string>.Empty.Add(below + name, version) : ImmutableSortedDictionary<string, string>.Empty;
        return new(
            new StageSource { To = mount.To, Files = [new("", below + name, found.Size ?? 0, "", Mode)] },
            below,
            string.Create(CultureInfo.InvariantCulture, $"{ForeignOrigins.WebOrigin}{found.Size ?? 0} {mount.From}"),
            versions,
            problems.ToImmutable());
    }
}
