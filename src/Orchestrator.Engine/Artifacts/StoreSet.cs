using System.Collections.Concurrent;
using System.Collections.Immutable;
using Orchestrator.Engine.Artifacts.Folder;
using Orchestrator.Engine.Artifacts.S3;

namespace Orchestrator.Engine.Artifacts;

/// <summary>The stores of this installation by name, and buckets without a name that only the usual credentials open.</summary>
public sealed class StoreSet
{
    /// <summary>Name of the folder that every installation has.</summary>
    public const string BuiltIn = "folder";

    private readonly ImmutableSortedDictionary<string, NamedStore> _byName;
    private readonly Func<string, S3Store> _open;
    private readonly ConcurrentDictionary<string, Lazy<S3Store>> _opened = new(StringComparer.Ordinal);

    /// <param name="defaultName">Where jobs keep what names no store.</param>
    /// <param name="stores">All of them, <see cref="BuiltIn"/> included.</param>
    /// <param name="open">Opens a bucket that has no name here.</param>
    public StoreSet(string defaultName, IEnumerable<NamedStore> stores, Func<string, S3Store> open)
    {
        _byName = stores.ToImmutableSortedDictionary(store => store.Name, store => store, StringComparer.Ordinal);
        _open = open;
        DefaultName = _byName.ContainsKey(defaultName) ? defaultName : throw new ArgumentException($"there is no store \"{defaultName}\"", nameof(defaultName));
    }

    public string DefaultName { get; }

    public IEnumerable<NamedStore> All => _byName.Values;

    /// <summary>The default one, below its prefix.</summary>
    public IObjectStore Default => At(new(DefaultName, ""));

    public bool Has(string name) => _byName.ContainsKey(name);

    /// <summary>A mount of a place. Throws <see cref="StoreException"/> when the configuration no longer names its store.</summary>
    public Mount MountAt(string below, StorePlace place, bool replaces = false)
    {
        ArgumentNullException.ThrowIfNull(place);
        if (place.Bucket is { } bucket)
        {
            return new(below, _opened.GetOrAdd(bucket, name => new(() => _open(name))).Value, place.Prefix, replaces);
        }

        return _byName.TryGetValue(place.Store, out var named)
            ? new(below, named.Store, named.Prefix + place.Prefix, replaces)
            : throw new StoreException(StoreErrorKind.NoBucket, $"store \"{place.Store}\" is not in orchestrator.yaml any more; put it back under stores, the job needs it");
    }

    public IObjectStore At(StorePlace place) => new MountedStore([MountAt("", place)]);

    /// <summary>Where a place's objects really lie: the same for one that is reached by two names.</summary>
    public string Whereabouts(StorePlace place)
    {
        var mount = MountAt("", place);
        return mount.Store switch
        {
            S3Store bucket => $"{bucket.Settings.Where}|{bucket.Settings.Bucket}|{mount.Prefix}",
            FolderStore folder => Path.Combine(folder.Root, mount.Prefix),
            _ => place.ToString(),
        };
    }

    /// <summary>Whether others may read what goes there on its way: plain http to another machine.</summary>
    public bool IsOpenToReaders(StorePlace place) => MountAt("", place).Store is S3Store { Settings: { IsHttp: true, Endpoint.IsLoopback: false } };

    /// <summary>
    /// The place of an <c>s3://bucket/prefix</c>: in the named store of that bucket whose prefix fits best, else in the bucket with
    /// the usual credentials.
    /// </summary>
    public StorePlace PlaceOf(string bucket, string prefix)
    {
        var named = _byName.Values
            .Where(store => store.Store is S3Store s3 && s3.Settings.Bucket == bucket && prefix.StartsWith(store.Prefix, StringComparison.Ordinal))
            .OrderByDescending(store => store.Prefix.Length).FirstOrDefault();
        return named is null ? new($"s3://{bucket}", prefix) : new(named.Name, prefix[named.Prefix.Length..]);
    }

    /// <summary>Where a spec's <c>to</c> points; null with words when it names no store.</summary>
    public (StorePlace? Place, string Words) Resolve(string to)
    {
        ArgumentNullException.ThrowIfNull(to);
        var place = StorePlace.Parse(to);
        if (StoreKeys.PrefixProblem(place.Prefix) is { } problem)
        {
            return (null, $"\"{to}\": {problem}");
        }

        return place.Bucket is { } bucket ? (PlaceOf(bucket, place.Prefix), "")
            : Has(place.Store) ? (place, "")
            : (null, $"there is no store \"{place.Store}\"; stores here: {string.Join(", ", _byName.Keys)}");
    }
}
