using System.Runtime.CompilerServices;
using Amazon.S3.Model;
using Orchestrator.Engine.Observing.Network;

namespace Orchestrator.Engine.Artifacts.S3;

/// <summary>
/// A bucket. Objects are plain: any S3 tool reads them under the same keys. Hosts use URLs signed here, so the bucket's keys
/// stay on this machine.
/// </summary>
public sealed class S3Store : IObjectStore, IDisposable
{
    private static readonly TimeSpan _bucketSeenFor = TimeSpan.FromMinutes(1);

    private readonly S3Access _access;
    private readonly S3Urls _urls;
    private readonly S3Uploads _uploads;
    private readonly S3Writer _writer;
    private readonly S3Copier _copier;
    private readonly TimeProvider _time;
    private long _bucketSeenAt;

    /// <param name="settings">Which bucket, and how to speak to its store.</param>
    /// <param name="secrets">Opens a stored secret by its name; null when there is none of it.</param>
    /// <param name="time">For the age of credentials.</param>
    /// <param name="network">Learns that the store answers; null = nobody does.</param>
    public S3Store(S3Settings settings, Func<string, Task<string?>> secrets, TimeProvider time, OwnNetwork? network = null)
    {
        ArgumentNullException.ThrowIfNull(settings);
        _time = time;
        Traits = new(settings.Dialect.Conditional, settings.Dialect.Conditional);
        _access = new(settings, new S3Credentials(new S3KeyReader(settings.Name, settings.Credentials, secrets, Environment.GetEnvironmentVariable), time), network);
        _urls = new S3Urls(_access, () => Traits!);
        _uploads = new(_access, this);
        _writer = new(_access, _uploads);
        _copier = new(_access, _uploads);
    }

    public S3Settings Settings => _access.Store;

    /// <summary>What the store honours: its dialect's word until <see cref="StoreProbe"/> has tried it.</summary>
    public StoreTraits Traits { get; set; }

    public async Task<StoredObject?> HeadAsync(string key, CancellationToken cancellation)
    {
        StoreKeys.Require(key);
        return await MetadataAsync(key, cancellation) is { } found
            ? new(key, found.ContentLength, null, Utc(found.LastModified)) { Version = found.ETag }
            : null;
    }

    public async IAsyncEnumerable<StoredObject> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (StoreKeys.PrefixProblem(prefix) is { } problem)
        {
            throw new StoreException(StoreErrorKind.Invalid, $"prefix {StoreKeys.Shown(prefix)} refused: {problem}");
        }

        await foreach (var found in ListRawAsync(prefix, cancellation))
        {
            // Put there by other tools under a name that is no key of ours: not an object.
            if (StoreKeys.Problem(found.Key) is null)
            {
                yield return found;
            }
        }
    }

    public Task<Stream> ReadAsync(string key, long offset, long? length, CancellationToken cancellation)
    {
        StoreKeys.Require(key);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length ?? 0, nameof(length));
        return S3Reader.ReadAsync(_access, this, _time, key, offset, length, cancellation);
    }

    public Task WriteAsync(string key, Stream content, long length, bool onlyIfAbsent, CancellationToken cancellation)
    {
        StoreKeys.Require(key);
        ArgumentNullException.ThrowIfNull(content);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        return _writer.WriteAsync(this, key, content, length, onlyIfAbsent, cancellation);
    }

    public Task CopyAsync(string from, string key, bool onlyIfAbsent, CancellationToken cancellation)
    {
        StoreKeys.Require(from);
        StoreKeys.Require(key);
        return _copier.CopyAsync(this, from, key, onlyIfAbsent, cancellation);
    }

    public Task DeleteAsync(string key, CancellationToken cancellation)
    {
        StoreKeys.Require(key);
        // One at a time: the batch call needs a checksum that not every store computes.
        return _access.CallAsync(key, client => client.DeleteObjectAsync(new DeleteObjectRequest { BucketName = _access.Bucket, Key = key }, cancellation), cancellation);
    }

    public SignedUrl SignGet(string key, DateTimeOffset expires, string? version = null) => _urls.Get(key, expires, version);

    public SignedUrl SignHead(string key, DateTimeOffset expires) => _urls.Head(key, expires);

    public SignedUrl SignPut(string key, long size, DateTimeOffset expires, bool onlyIfAbsent = true) => _urls.Put(key, size, expires, onlyIfAbsent);

    public SignedUrl? SignPutAhead(string key, DateTimeOffset expires) => Traits.ConditionalPut ? _urls.PutAhead(key, expires) : null;

    public SignedUrl SignPart(string key, string uploadId, int part, long size, DateTimeOffset expires) => _urls.Part(key, uploadId, part, size, expires);

    public async Task<string> BeginMultipartAsync(string key, bool onlyIfAbsent, CancellationToken cancellation)
    {
        StoreKeys.Require(key);
        return onlyIfAbsent && await MetadataAsync(key, cancellation) is not null ? throw S3Errors.Exists(key) : await _uploads.BeginAsync(key, cancellation);
    }

    public Task CompleteMultipartAsync(string key, string uploadId, bool onlyIfAbsent, CancellationToken cancellation)
    {
        StoreKeys.Require(key);
        return _uploads.CompleteAsync(key, uploadId, onlyIfAbsent, cancellation);
    }

    public Task AbortMultipartAsync(string key, string uploadId, CancellationToken cancellation)
    {
        StoreKeys.Require(key);
        return _uploads.AbortAsync(key, uploadId, cancellation);
    }

    public Task AbortAllMultipartAsync(string prefix, CancellationToken cancellation) => _uploads.AbortAllAsync(prefix, cancellation);

    public void Dispose() => _access.Dispose();

    /// <summary>Everything below a prefix, also what is no key of ours: what other people put there.</summary>
    internal async IAsyncEnumerable<StoredObject> ListRawAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellation)
    {
        string? next = null;
        do
        {
            var page = await _access.CallAsync(
                "",
                client => client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = _access.Bucket, Prefix = prefix, ContinuationToken = next }, cancellation),
                cancellation);
            SawBucket();
            foreach (var found in page.S3Objects ?? [])
            {
                yield return new(found.Key, found.Size ?? 0, null, Utc(found.LastModified)) { Version = found.ETag };
            }

            next = page.IsTruncated == true ? page.NextContinuationToken : null;
        }
        while (next is not null);
    }

    /// <summary>Null = positively not there, which is also to say that its bucket is.</summary>
    internal async Task<GetObjectMetadataResponse?> MetadataAsync(string key, CancellationToken cancellation)
    {
        try
        {
            var found = await _access.RawAsync(client => client.GetObjectMetadataAsync(new GetObjectMetadataRequest { BucketName = _access.Bucket, Key = key }, cancellation));
            SawBucket();
            return found;
        }
        catch (Exception error) when (!cancellation.IsCancellationRequested)
        {
            if (!S3Errors.IsMute(error))
            {
                throw _access.Explain(error, key);
            }

            var missing = S3Errors.IsMissing(error);
            if (!missing || _bucketSeenAt == 0 || _time.GetElapsedTime(_bucketSeenAt) > _bucketSeenFor)
            {
                // A HEAD is answered without words; a list says why.
                await ReachAsync(cancellation);
            }

            return missing ? null : throw _access.Explain(error, key);
        }
    }

    /// <summary>The smallest question that is answered in words: throws what is wrong with store, bucket or keys.</summary>
    internal async Task ReachAsync(CancellationToken cancellation)
    {
        await _access.CallAsync("", client => client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = _access.Bucket, MaxKeys = 1 }, cancellation), cancellation);
        SawBucket();
    }

    private void SawBucket() => _bucketSeenAt = _time.GetTimestamp();

    private static DateTimeOffset Utc(DateTime? time) => time is { } at ? new(at.ToUniversalTime()) : default;
}
