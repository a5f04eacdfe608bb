using System.Collections.Immutable;
using System.Globalization;
using Orchestrator.Engine.Artifacts.S3;
using Orchestrator.Engine.Artifacts.Sources;
using Orchestrator.Jobs;
using Orchestrator.Protocol;

namespace Orchestrator.Engine.Artifacts;

/// <summary>
/// Lists data that lies in a bucket when a job is submitted: keys, sizes and versions, so that the third attempt reads what the
/// first read, or is told that it cannot. Not a byte of it passes this machine.
/// </summary>
public sealed class BucketSources(StoreSet stores)
{
    private const int MaxProblems = 20;
    private const int Mode = 0b110_100_100;

    /// <summary>Files of one source.</summary>
    public int MaxFiles { get; init; } = 100_000;

    /// <summary>Throws <see cref="StoreException"/> when the store refuses.</summary>
    /// <param name="mount">Data with an <c>s3://</c> URL.</param>
    /// <param name="index">Of the source in its job: its keys begin with <c>from/INDEX/</c>.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<ListedSource> ListAsync(DataMount mount, int index, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(mount);
        var url = mount.From["s3://".Length..].Split('/', 2);
        var (bucket, path) = (url[0], url.Length == 2 ? url[1] : "");
        var isObject = path.Length > 0 && !path.EndsWith('/') && await HasAsync(bucket, path, cancellation);
        var folder = isObject ? path[..(path.LastIndexOf('/') + 1)] : StorePlace.Folder(path);
        var place = stores.PlaceOf(bucket, folder);
        var source = stores.MountAt("", place);
        var below = string.Create(CultureInfo.InvariantCulture, $"from/{index}/");
        var listing = new Listing(mount, below);
        await foreach (var found in ((S3Store)source.Store).ListRawAsync(isObject ? path : source.Prefix, cancellation))
        {
            if (isObject && found.Key != path)
            {
                continue;
            }

            listing.Add(found, found.Key[source.Prefix.Length..], isObject);
            if (listing.Files.Count > MaxFiles)
            {
                listing.Problems.Add(string.Create(CultureInfo.InvariantCulture, $"{mount.From}: more than {MaxFiles:N0} objects; include fewer, or pack them into an archive"));
                break;
            }
        }

        listing.CheckFolders();
        if (listing.Files.Count == 0 && listing.Problems.Count == 0)
        {
            listing.Problems.Add($"there is nothing at {mount.From}{(mount.Include.IsEmpty && mount.Exclude.IsEmpty ? "" : " that include and exclude let through")}");
        }

        return new(new StageSource { To = mount.To, Files = [.. listing.Files] }, below, place.ToString(), listing.Versions.ToImmutable(), [.. listing.Problems.Take(MaxProblems)]);
    }

    private async Task<bool> HasAsync(string bucket, string path, CancellationToken cancellation)
    {
        var parent = stores.MountAt("", stores.PlaceOf(bucket, path[..(path.LastIndexOf('/') + 1)]));
        return StoreKeys.Problem(path) is null && await parent.Store.HeadAsync(path, cancellation) is not null;
    }

    /// <summary>What was found so far.</summary>
    private sealed class Listing(DataMount mount, string below)
    {
        private readonly PatternList _include = new("", mount.Include);
        private readonly PatternList _exclude = new("", mount.Exclude);
        private readonly HashSet<string> _folders = new(StringComparer.Ordinal);

        internal List<StageFile> Files { get; } = [];

        internal List<string> Problems { get; } = [];

        internal ImmutableSortedDictionary<string, string>.Builder Versions { get; } = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);

        internal void Add(StoredObject found, string path, bool isWhole)
        {
            // Consoles mark "folders" with an empty object of the folder's name.
            if (path.Length == 0 || (path.EndsWith('/') && found.Size == 0) || !Wanted(path))
            {
                return;
            }

            var key = below + path;
            if (StoreKeys.Problem(key) is { } problem)
            {
                Problems.Add($"{mount.From}: {StoreKeys.Shown(path)} cannot be a file: {problem}; exclude it");
                return;
            }

            Files.Add(new(isWhole ? "" : path, key, found.Size, "", Mode));
            if (found.Version is { } version)
            {
                Versions[key] = version;
            }

            for (var slash = path.LastIndexOf('/'); slash > 0 && _folders.Add(path[..slash]); slash = path.LastIndexOf('/', slash - 1))
            {
            }
        }

        internal void CheckFolders()
        {
            if (Files.FirstOrDefault(file => _folders.Contains(file.Path)) is { } both)
            {
                Problems.Add($"{mount.From}: {StoreKeys.Shown(both.Path)} is an object and a folder of others; exclude one");
            }
        }

        private bool Wanted(string path) => (_include.IsEmpty || _include.Covers(path)) && !_exclude.Covers(path);
    }
}
