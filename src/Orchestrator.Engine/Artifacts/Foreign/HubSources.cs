using System.Collections.Immutable;
using System.Globalization;
using Orchestrator.Engine.Artifacts.Sources;
using Orchestrator.Jobs;
using Orchestrator.Protocol;

namespace Orchestrator.Engine.Artifacts.Foreign;

/// <summary>
/// Data from the Hub: pinned to a commit, fetched by hosts from the Hub's own stores. What only a token opens and no signed URL
/// exists for (the small files of gated repositories) is brought into the job's store by us.
/// </summary>
internal sealed class HubSources(HubClient hub)
{
    private const int Mode = 0b110_100_100;
    private const int MaxProblems = 20;
    private const int Parallel = 4;

    /// <summary>Of one file that passes this machine; the Hub itself keeps larger ones apart.</summary>
    private const long LargestCarried = 64_000_000;

    private static readonly TimeSpan _longestFetch = TimeSpan.FromMinutes(5);

    internal int MaxFiles { get; init; } = 100_000;

    /// <summary>Throws <see cref="StoreException"/>.</summary>
    /// <param name="mount">Data with an <c>hf://</c> URL.</param>
    /// <param name="index">Of the source in its job.</param>
    /// <param name="scratch">A folder for what is carried.</param>
    /// <param name="cancellation">Ends it.</param>
    internal async Task<HubListing> ListAsync(DataMount mount, int index, string scratch, CancellationToken cancellation)
    {
        var place = HubPlace.Parse(mount.From) ?? throw new StoreException(StoreErrorKind.Invalid, $"\"{mount.From}\" is not on the Hub; write hf://owner/name[@revision][/path] or hf://datasets/owner/name");
        var revision = await hub.RevisionAsync(place, cancellation);
        place = place with { Revision = revision.Commit };
        var (files, folder, isFile) = await FilesAsync(place, mount, cancellation);
        var problems = Problems(mount, files, folder).Take(MaxProblems).ToImmutableArray();
        var linked = files.Where(file => revision.IsOpen || file.IsLarge).ToList();
        if (linked.Count > 0 && problems.IsEmpty)
        {
            // Told now, not on a rented host: whether the terms were accepted shows only where the bytes are.
            await hub.LinkAsync(place, linked[0].Path, cancellation);
        }

        var carried = problems.IsEmpty ? files.Except(linked).ToList() : [];
        return new(
            linked.Count > 0 || !problems.IsEmpty ? Listed(mount, index, place with { Path = folder }, linked, isFile, problems) : null,
            carried.Count > 0 ? await CarryAsync(mount, place, folder, carried, isFile, Path.Combine(scratch, "hub-" + index.ToString(CultureInfo.InvariantCulture)), cancellation) : null);
    }

    /// <summary>A path may be a folder or one file, which only its folder's listing tells.</summary>
    private async Task<(List<HubFile> Files, string Folder, bool IsFile)> FilesAsync(HubPlace place, DataMount mount, CancellationToken cancellation)
    {
        if (place.Path.Length > 0)
        {
            var above = place.Path.LastIndexOf('/') is var slash and > 0 ? place.Path[..slash] : "";
            await foreach (var file in hub.TreeAsync(place, above, recursive: false, cancellation))
            {
                if (file.Path == place.Path)
                {
                    return ([file], above.Length == 0 ? "" : above + "/", true);
                }
            }
        }

        var folder = StorePlace.Folder(place.Path);
        var (include, exclude) = (new PatternList("", mount.Include), new PatternList("", mount.Exclude));
        var files = new List<HubFile>();
        await foreach (var file in hub.TreeAsync(place, place.Path, recursive: true, cancellation))
        {
            var path = file.Path.StartsWith(folder, StringComparison.Ordinal) ? file.Path[folder.Length..] : file.Path;
            if ((include.IsEmpty || include.Covers(path)) && !exclude.Covers(path))
            {
                files.Add(file);
            }

            if (files.Count > MaxFiles)
            {
                break;
            }
        }

        return (files, folder, false);
    }

    private IEnumerable<string> Problems(DataMount mount, List<HubFile> files, string folder)
    {
        if (files.Count == 0)
        {
            yield return $"there is nothing at {mount.From}{(mount.Include.IsEmpty && mount.Exclude.IsEmpty ? "" : " that include and exclude let through")}";
        }

        if (files.Count > MaxFiles)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{mount.From}: more than {MaxFiles:N0} files; include fewer");
        }

        foreach (var file in files)
        {
            if (!file.Path.StartsWith(folder, StringComparison.Ordinal) || StoreKeys.Problem("from/0/" + file.Path) is not null)
            {
                yield return $"{mount.From}: {StoreKeys.Shown(file.Path)} cannot be a file here; exclude it";
            }
        }
    }

    private static ListedSource Listed(DataMount mount, int index, HubPlace place, List<HubFile> files, bool isFile, ImmutableArray<string> problems)
    {
        var below = string.Create(CultureInfo.InvariantCulture, $"from/{index}/");
        return new(
            new StageSource { To = mount.To, Files = problems.IsEmpty ? [.. files.Select(file => Staged(file.Path[place.Path.Length..], file.Size))] : [] },
            below,
            place.ToString(),
            ImmutableSortedDictionary<string, string>.Empty,
            problems);

        StageFile Staged(string path, long size) => new(isFile ? "" : path, below + path, size, "", Mode);
    }

    private async Task<SourceWanted> CarryAsync(DataMount mount, HubPlace place, string folder, List<HubFile> files, bool isFile, string into, CancellationToken cancellation)
    {
        await System.Threading.Tasks.Parallel.ForEachAsync(files, new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = cancellation }, async (file, token) =>
        {
            var path = Path.Combine(into, file.Path[folder.Length..]);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await FetchAsync(place, file, path, token);
        });
        return new(isFile ? Path.Combine(into, files[0].Path[folder.Length..]) : into, mount.To, [], [], RespectGitignore: false);
    }

    private async Task FetchAsync(HubPlace place, HubFile file, string path, CancellationToken cancellation)
    {
        if (file.Size > LargestCarried)
        {
            throw new StoreException(StoreErrorKind.Invalid, $"hf://{place.Page}: {StoreKeys.Shown(file.Path)} is large, and hosts cannot fetch it without a token; exclude it, or bring it from a bucket");
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(_longestFetch);
        try
        {
            await using var target = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
            await CopyAsync(place, file, target, limit.Token);
            if (target.Length != file.Size)
            {
                throw new StoreException(StoreErrorKind.Transient, $"hf://{place.Page}: {StoreKeys.Shown(file.Path)} came with another length than listed; submit again");
            }
        }
        catch (Exception broken) when (broken is HttpRequestException or HttpIOException || (broken is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            throw new StoreException(StoreErrorKind.Transient, $"hf://{place.Page}: {StoreKeys.Shown(file.Path)} broke off; submit again", broken);
        }
    }

    private async Task CopyAsync(HubPlace place, HubFile file, FileStream target, CancellationToken cancellation)
    {
        using var answer = await hub.OpenAsync(place, file.Path, cancellation);
        await using var body = await answer.Content.ReadAsStreamAsync(cancellation);
        var buffer = new byte[128 * 1024];
        for (int read; target.Length <= file.Size && (read = await body.ReadAsync(buffer, cancellation)) > 0;)
        {
            await target.WriteAsync(buffer.AsMemory(0, read), cancellation);
        }
    }
}
