using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Orchestrator.Engine.Artifacts.Foreign;

namespace Orchestrator.Engine.Artifacts;

/// <summary>
/// The objects of one job as one store, wherever they lie: checkpoints below a prefix of one bucket, data in a second, results
/// in a third. Everybody else, hosts included, sees one set of keys.
/// </summary>
public sealed class MountedStore : IObjectStore
{
    private readonly ImmutableArray<Mount> _mounts;
    private readonly Mount _root;
    private readonly IReadOnlyDictionary<string, string> _versions;
    private readonly ImmutableSortedDictionary<string, IForeignLinks> _links;
    private readonly DeliveryUploads _deliveries;

    /// <param name="mounts">One of them for all keys (an empty <see cref="Mount.Below"/>); the longest that fits decides.</param>
    /// <param name="versions">Versions that were pinned, by key: signed reads of these answer 412 when the object is another by now.</param>
    /// <param name="links">Files of strangers, by what their keys begin with: they are linked, and nothing else.</param>
    public MountedStore(ImmutableArray<Mount> mounts, IReadOnlyDictionary<string, string>? versions = null, ImmutableSortedDictionary<string, IForeignLinks>? links = null)
    {
        _links = links ?? ImmutableSortedDictionary<string, IForeignLinks>.Empty;
        _mounts = [.. mounts.OrderByDescending(mount => mount.Below.Length).ThenBy(mount => mount.Below, StringComparer.Ordinal)];
        _root = _mounts[^1] is { Below: "" } root ? root : throw new ArgumentException("a mount for all keys is missing", nameof(mounts));
        _versions = versions ?? ImmutableDictionary<string, string>.Empty;
        _deliveries = new(_root);
    }

    public async Task<StoredObject?> HeadAsync(string key, CancellationToken cancellation)
    {
        var (mount, there) = Place(key);
        return await mount.Store.HeadAsync(there, cancellation) is { } found ? found with { Key = key } : null;
    }

    /// <summary>What lies in the store the prefix belongs to; mounts further below are lists of their own.</summary>
    public async IAsyncEnumerable<StoredObject> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (StoreKeys.PrefixProblem(prefix) is { } problem)
        {
            throw new StoreException(StoreErrorKind.Invalid, $"prefix {StoreKeys.Shown(prefix)} refused: {problem}");
        }

        var mount = MountOf(prefix);
        await foreach (var found in mount.Store.ListAsync(mount.Prefix + prefix[mount.Below.Length..], cancellation))
        {
            yield return found with { Key = mount.Below + found.Key[mount.Prefix.Length..] };
        }
    }

    public async Task<Stream> ReadAsync(string key, long offset, long? length, CancellationToken cancellation)
    {
        var (mount, there) = Place(key);
        return await mount.Store.ReadAsync(there, offset, length, cancellation);
    }

    public async Task WriteAsync(string key, Stream content, long length, bool onlyIfAbsent, CancellationToken cancellation)
    {
        var (mount, there) = Place(key);
        await mount.Store.WriteAsync(there, content, length, onlyIfAbsent && !mount.Replaces, cancellation);
    }

    public async Task CopyAsync(string from, string key, bool onlyIfAbsent, CancellationToken cancellation)
    {
        var (source, sourceKey) = Place(from);
        var (target, targetKey) = Place(key);
        onlyIfAbsent &= !target.Replaces;
        if (ReferenceEquals(source.Store, target.Store))
        {
            await target.Store.CopyAsync(sourceKey, targetKey, onlyIfAbsent, cancellation);
            return;
        }

        var found = await source.Store.HeadAsync(sourceKey, cancellation) ?? throw new StoreException(StoreErrorKind.NotFound, $"{StoreKeys.Shown(from)} is not in the store");
        await using var content = await source.Store.ReadAsync(sourceKey, 0, null, cancellation);
        await target.Store.WriteAsync(targetKey, content, found.Size, onlyIfAbsent, cancellation);
    }

    public async Task DeleteAsync(string key, CancellationToken cancellation)
    {
        var (mount, there) = Place(key);
        await mount.Store.DeleteAsync(there, cancellation);
    }

    public SignedUrl SignGet(string key, DateTimeOffset expires, string? version = null)
    {
        var (mount, there) = Place(key);
        return mount.Store.SignGet(there, expires, version ?? _versions.GetValueOrDefault(key));
    }

    /// <summary>As <see cref="SignGet"/>, also for what lies with strangers, who may have to be asked first.</summary>
    public Task<SignedUrl> LinkAsync(string key, DateTimeOffset expires, CancellationToken cancellation)
    {
        StoreKeys.Require(key);
        return _links.FirstOrDefault(one => key.StartsWith(one.Key, StringComparison.Ordinal)) is { Value: { } links, Key: var below }
            ? AskAsync(links, key[below.Length..], expires, _versions.GetValueOrDefault(key), cancellation)
            : Task.FromResult(SignGet(key, expires));
    }

    /// <summary>A stranger who lets us in no more is no store of ours whose keys come back: the host must not wait for it, it costs.</summary>
    private static async Task<SignedUrl> AskAsync(IForeignLinks links, string path, DateTimeOffset expires, string? version, CancellationToken cancellation)
    {
        try
        {
            return await links.LinkAsync(path, expires, version, cancellation);
        }
        catch (StoreException denied) when (denied.Kind == StoreErrorKind.Denied)
        {
            throw new StoreException(StoreErrorKind.Invalid, denied.Message, denied);
        }
    }

    public SignedUrl SignPut(string key, long size, DateTimeOffset expires, bool onlyIfAbsent = true)
    {
        var (mount, there) = Place(key);
        return mount.Store.SignPut(there, size, expires, onlyIfAbsent && !mount.Replaces);
    }

    public SignedUrl? SignPutAhead(string key, DateTimeOffset expires)
    {
        var (mount, there) = Place(key);
        return mount.Replaces ? null : mount.Store.SignPutAhead(there, expires);
    }

    public SignedUrl SignPart(string key, string uploadId, int part, long size, DateTimeOffset expires)
    {
        var (mount, there) = Place(key);
        return mount.Store.SignPart(there, uploadId, part, size, expires);
    }

    public async Task<string> BeginMultipartAsync(string key, bool onlyIfAbsent, CancellationToken cancellation)
    {
        var (mount, there) = Place(key);
        var uploadId = await mount.Store.BeginMultipartAsync(there, onlyIfAbsent && !mount.Replaces, cancellation);
        if (mount.Replaces)
        {
            await _deliveries.BegunAsync(mount, there, uploadId, cancellation);
        }

        return uploadId;
    }

    public async Task CompleteMultipartAsync(string key, string uploadId, bool onlyIfAbsent, CancellationToken cancellation)
    {
        var (mount, there) = Place(key);
        await mount.Store.CompleteMultipartAsync(there, uploadId, onlyIfAbsent && !mount.Replaces, cancellation);
        if (mount.Replaces)
        {
            await _deliveries.EndedAsync(mount, there, uploadId, cancellation);
        }
    }

    public async Task AbortMultipartAsync(string key, string uploadId, CancellationToken cancellation)
    {
        var (mount, there) = Place(key);
        await mount.Store.AbortMultipartAsync(there, uploadId, cancellation);
        if (mount.Replaces)
        {
            await _deliveries.EndedAsync(mount, there, uploadId, cancellation);
        }
    }

    public async Task AbortAllMultipartAsync(string prefix, CancellationToken cancellation)
    {
        var mount = MountOf(prefix);
        await mount.Store.AbortAllMultipartAsync(mount.Prefix + prefix[mount.Below.Length..], cancellation);
        foreach (var delivery in _mounts.Where(one => one.Replaces && one.Below.StartsWith(prefix, StringComparison.Ordinal)))
        {
            await _deliveries.AbortAsync(delivery, cancellation);
        }
    }

    private (Mount Mount, string Key) Place(string key)
    {
        StoreKeys.Require(key);
        var mount = MountOf(key);
        return (mount, mount.Prefix + key[mount.Below.Length..]);
    }

    private Mount MountOf(string key) => _mounts.First(mount => key.StartsWith(mount.Below, StringComparison.Ordinal));
}
