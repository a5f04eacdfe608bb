namespace Orchestrator.Engine.Artifacts;

/// <summary>
/// Where checkpoints, outputs and staged files lie. The same contract for the folder store and S3; hosts never hold a
/// credential, they use URLs signed here. Throws <see cref="StoreException"/>.
/// </summary>
public interface IObjectStore
{
    /// <summary>Null = positively not there.</summary>
    Task<StoredObject?> HeadAsync(string key, CancellationToken cancellation);

    /// <summary>All objects below a prefix, ordinal order of keys.</summary>
    IAsyncEnumerable<StoredObject> ListAsync(string prefix, CancellationToken cancellation);

    /// <param name="key">The object; a missing one throws with kind NotFound.</param>
    /// <param name="offset">First byte.</param>
    /// <param name="length">Bytes to read; null = to the end.</param>
    /// <param name="cancellation">Ends the read.</param>
    Task<Stream> ReadAsync(string key, long offset, long? length, CancellationToken cancellation);

    /// <summary>Stores all of <paramref name="content"/> or nothing. With <paramref name="onlyIfAbsent"/> an existing key throws with kind Exists.</summary>
    Task WriteAsync(string key, Stream content, long length, bool onlyIfAbsent, CancellationToken cancellation);

    /// <summary>Succeeds also when it is not there.</summary>
    Task DeleteAsync(string key, CancellationToken cancellation);

    /// <summary>Another object with the same bytes, made by the store itself. A missing one throws with kind NotFound.</summary>
    Task CopyAsync(string from, string key, bool onlyIfAbsent, CancellationToken cancellation);

    /// <summary>A URL for GETs of one object by anyone until <paramref name="expires"/>.</summary>
    /// <param name="key">The object.</param>
    /// <param name="expires">Afterwards 403.</param>
    /// <param name="version">See <see cref="StoredObject.Version"/>: once the object has another, the URL answers 412. Null = whatever is there.</param>
    SignedUrl SignGet(string key, DateTimeOffset expires, string? version = null);

    /// <summary>As <see cref="SignGet"/>; of a job's store also for files that lie with somebody else, who has to be asked.</summary>
    Task<SignedUrl> LinkAsync(string key, DateTimeOffset expires, CancellationToken cancellation) => Task.FromResult(SignGet(key, expires));

    /// <param name="key">The object.</param>
    /// <param name="size">Exact bytes; another length is refused.</param>
    /// <param name="expires">Afterwards 403.</param>
    /// <param name="onlyIfAbsent">Written once: a second PUT answers 412 (where the store honours that).</param>
    SignedUrl SignPut(string key, long size, DateTimeOffset expires, bool onlyIfAbsent = true);

    /// <summary>
    /// A PUT of any size, once, to be kept for when no server is there. Null where that cannot be: a store that this server itself
    /// serves is away with it, and one that does not honour write-once keys would let a host that was given up write over its own.
    /// </summary>
    SignedUrl? SignPutAhead(string key, DateTimeOffset expires);

    /// <summary>With <paramref name="onlyIfAbsent"/> an existing key throws with kind Exists.</summary>
    Task<string> BeginMultipartAsync(string key, bool onlyIfAbsent, CancellationToken cancellation);

    SignedUrl SignPart(string key, string uploadId, int part, long size, DateTimeOffset expires);

    /// <summary>Joins the parts the store has, in order of their numbers (1.. without a gap). Repeating it after success succeeds.</summary>
    Task CompleteMultipartAsync(string key, string uploadId, bool onlyIfAbsent, CancellationToken cancellation);

    Task AbortMultipartAsync(string key, string uploadId, CancellationToken cancellation);

    /// <summary>Aborts every unfinished multipart upload below a prefix: an ended attempt leaves none.</summary>
    Task AbortAllMultipartAsync(string prefix, CancellationToken cancellation);
}
