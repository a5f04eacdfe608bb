using System.Runtime.CompilerServices;

namespace Orchestrator.Engine.Artifacts.Folder;

/// <summary>
/// A folder as object store: the default, so that nobody needs a bucket. Objects are plain files under their keys, so a
/// person can take them with <c>cp</c>. Several servers on one machine may share it.
/// </summary>
public sealed class FolderStore : IObjectStore
{
    private static readonly TimeSpan StaleAfter = TimeSpan.FromDays(1);

    private readonly FolderLayout _layout;
    private readonly FolderFiles _files;
    private readonly FolderUploads _uploads;
    private readonly FolderUrls _urls;

    /// <param name="root">The folder; made when missing. One that cannot be used now says so whenever it is used.</param>
    /// <param name="signingKey">At least 32 secret bytes, the same on every server of the installation.</param>
    /// <param name="baseUrl">Where <see cref="FolderStoreEndpoint"/> is reached; asked for every URL, since the port is known late.</param>
    /// <param name="time">For expiry.</param>
    /// <param name="identity">Null = whatever is at that path is the store.</param>
    public FolderStore(string root, ReadOnlySpan<byte> signingKey, Func<Uri> baseUrl, TimeProvider time, FolderIdentity? identity = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(root);
        _layout = new(root, identity);
        _files = new(_layout);
        _uploads = new(_layout, _files);
        _urls = new(signingKey, baseUrl, time);
        try
        {
            _layout.Require();
            _files.Guarded("", () =>
            {
                Directory.CreateDirectory(_layout.Incoming);
                FolderTidying.RemoveStale(_layout.Incoming, time.GetUtcNow() - StaleAfter);
            });
        }
        catch (StoreException)
        {
            // One store's disk must not keep the server, and the jobs of all others, from starting. Whoever uses it is told.
        }
    }

    public string Root => _layout.Root;

    /// <summary>Under which the endpoint serves it.</summary>
    public string Path { get; init; } = FolderStoreEndpoint.DefaultPath;

    internal FolderUrls Urls => _urls;

    public Task<StoredObject?> HeadAsync(string key, CancellationToken cancellation)
    {
        var path = _layout.Object(key);
        StoredObject? found = null;
        _files.Guarded(key, () => found = Describe(key, path));
        return Task.FromResult(found);
    }

    public async IAsyncEnumerable<StoredObject> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (StoreKeys.PrefixProblem(prefix) is { } problem)
        {
            throw new StoreException(StoreErrorKind.Invalid, $"prefix {StoreKeys.Shown(prefix)} refused: {problem}");
        }

        _layout.Require();
        using var keys = FolderListing.Keys(_layout.Root, prefix).GetEnumerator();
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            var more = false;
            StoredObject? found = null;
            _files.Guarded(prefix, () =>
            {
                more = keys.MoveNext();
                // Deleted since its folder was read, or put there by hand under a name that is no key: not an object.
                found = more && StoreKeys.Problem(keys.Current) is null ? Describe(keys.Current, _layout.Object(keys.Current)) : null;
            });
            if (!more)
            {
                // Unmounted while it was read: what came is not all.
                _layout.Require();
                yield break;
            }

            if (found is not null)
            {
                yield return found;
            }
        }
    }

    public Task<Stream> ReadAsync(string key, long offset, long? length, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length ?? 0, nameof(length));
        var path = _layout.Object(key);
        Stream? stream = null;
        _files.Guarded(key, () => stream = !File.Exists(path) ? throw FolderErrors.NotFound(key) : new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1, FileOptions.Asynchronous));
        if (offset > stream!.Length)
        {
            var size = stream.Length;
            stream.Dispose();
            throw new StoreException(StoreErrorKind.Invalid, $"{StoreKeys.Shown(key)} has {size} bytes; none at {offset}");
        }

        stream.Position = offset;
        return Task.FromResult(length is { } limit ? new SlicedStream(stream, limit) : stream);
    }

    public async Task WriteAsync(string key, Stream content, long length, bool onlyIfAbsent, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        var target = _layout.Object(key);
        if (onlyIfAbsent && File.Exists(target))
        {
            // Told before the bytes have travelled; the rule itself is held when the file gets its name.
            throw FolderErrors.Exists(key);
        }

        var received = await _files.ReceiveAsync(key, [content], length, cancellation);
        if (!Publish(received, key, target, onlyIfAbsent, uploadId: null))
        {
            throw FolderErrors.Exists(key);
        }
    }

    public async Task CopyAsync(string from, string key, bool onlyIfAbsent, CancellationToken cancellation)
    {
        var source = _layout.Object(from);
        StoreKeys.Require(key);
        await using var content = await ReadAsync(from, 0, null, cancellation);
        await WriteAsync(key, content, new FileInfo(source).Length, onlyIfAbsent, cancellation);
    }

    public Task DeleteAsync(string key, CancellationToken cancellation)
    {
        var path = _layout.Object(key);
        _files.Guarded(key, () =>
        {
            if (!File.Exists(path))
            {
                return;
            }

            File.Delete(path);
            RemoveMeta(key);
            FolderTidying.Up(_layout.Root, System.IO.Path.GetDirectoryName(path)!);
        });
        return Task.CompletedTask;
    }

    public SignedUrl SignGet(string key, DateTimeOffset expires, string? version = null) =>
        _urls.Sign(new() { Method = "GET", Key = key, Expires = expires, Version = version ?? "" });

    public SignedUrl SignHead(string key, DateTimeOffset expires) => _urls.Sign(new() { Method = "HEAD", Key = key, Expires = expires });

    public SignedUrl SignPut(string key, long size, DateTimeOffset expires, bool onlyIfAbsent = true) =>
        _urls.Sign(new() { Method = "PUT", Key = key, Expires = expires, Size = size, Once = onlyIfAbsent });

    public SignedUrl? SignPutAhead(string key, DateTimeOffset expires) => null;

    public Task<string> BeginMultipartAsync(string key, bool onlyIfAbsent, CancellationToken cancellation)
    {
        var target = _layout.Object(key);
        return onlyIfAbsent && File.Exists(target) ? throw FolderErrors.Exists(key) : Task.FromResult(_uploads.Begin(key));
    }

    public SignedUrl SignPart(string key, string uploadId, int part, long size, DateTimeOffset expires)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(part, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(part, FolderUploads.MaxParts);
        return FolderUploads.IsId(uploadId)
            ? _urls.Sign(new() { Method = "PUT", Key = key, Expires = expires, Size = size, Part = part, UploadId = uploadId })
            : throw FolderErrors.NoUpload(key, uploadId);
    }

    public async Task CompleteMultipartAsync(string key, string uploadId, bool onlyIfAbsent, CancellationToken cancellation)
    {
        var target = _layout.Object(key);
        if (!_uploads.Knows(key, uploadId))
        {
            if (FolderMeta.Read(_layout.Meta(key)) is { } meta && meta.UploadId == uploadId && File.Exists(target))
            {
                return;
            }

            throw FolderErrors.NoUpload(key, uploadId);
        }

        await using (_uploads.Lock(key, uploadId))
        {
            var parts = _uploads.Parts(key, uploadId);
            var received = await _files.ReceiveAsync(key, Opened(parts), parts.Sum(p => p.Length), cancellation);
            // The name may be taken by this same upload, published by a call that died before it could say so.
            if (!Publish(received, key, target, onlyIfAbsent, uploadId) && !await HoldsAsync(key, received, cancellation))
            {
                throw FolderErrors.Exists(key);
            }
        }

        _uploads.Remove(key, uploadId);
    }

    public Task AbortMultipartAsync(string key, string uploadId, CancellationToken cancellation)
    {
        StoreKeys.Require(key);
        if (_uploads.Knows(key, uploadId))
        {
            _uploads.Remove(key, uploadId);
        }

        return Task.CompletedTask;
    }

    public Task AbortAllMultipartAsync(string prefix, CancellationToken cancellation)
    {
        _files.Guarded(prefix, () =>
        {
            foreach (var (key, uploadId) in _uploads.Below(prefix))
            {
                _uploads.Remove(key, uploadId);
            }
        });
        return Task.CompletedTask;
    }

    /// <summary>One part of an upload; a repeated one replaces the earlier.</summary>
    internal async Task WritePartAsync(string key, string uploadId, int part, Stream content, long length, CancellationToken cancellation)
    {
        if (!_uploads.Knows(key, uploadId))
        {
            throw FolderErrors.NoUpload(key, uploadId);
        }

        var received = await _files.ReceiveAsync(key, [content], length, cancellation);
        _uploads.PutPart(received, key, uploadId, part);
    }

    internal string PathOf(string key) => _layout.Object(key);

    private bool Publish(FolderFiles.Received received, string key, string target, bool onlyIfAbsent, string? uploadId)
    {
        var modified = File.GetLastWriteTimeUtc(received.Path).Ticks;
        if (!_files.Publish(received, target, key, onlyIfAbsent))
        {
            return false;
        }

        // After the name: the loser of a race must not describe the winner's bytes. Until then the object just has no hash.
        _files.WriteMeta(key, new(received.Size, modified, received.Hash, uploadId ?? "-"));
        return true;
    }

    private static IEnumerable<Stream> Opened(IEnumerable<FileInfo> parts)
    {
        foreach (var part in parts)
        {
            using var stream = part.OpenRead();
            yield return stream;
        }
    }

    private async Task<bool> HoldsAsync(string key, FolderFiles.Received received, CancellationToken cancellation)
    {
        await using var content = await ReadAsync(key, 0, null, cancellation);
        return await ContentHash.OfAsync(content, cancellation) == (received.Hash, received.Size);
    }

    private StoredObject? Describe(string key, string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists)
        {
            _layout.Require();
            return null;
        }

        var meta = FolderMeta.Read(_layout.Meta(key));
        var known = meta is not null && meta.Size == file.Length && meta.ModifiedTicks == file.LastWriteTimeUtc.Ticks;
        return new(key, file.Length, known ? meta!.Hash : null, file.LastWriteTimeUtc)
        {
            Version = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{file.Length}-{file.LastWriteTimeUtc.Ticks}"),
        };
    }

    private void RemoveMeta(string key)
    {
        try
        {
            File.Delete(_layout.Meta(key));
        }
        catch (DirectoryNotFoundException)
        {
            // Its folder was never made: the object was put there by hand.
        }
    }
}
