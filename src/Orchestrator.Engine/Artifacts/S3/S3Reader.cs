using Amazon.S3.Model;

namespace Orchestrator.Engine.Artifacts.S3;

/// <summary>Reads an object or a range of it.</summary>
internal static class S3Reader
{
    internal static async Task<Stream> ReadAsync(S3Access access, S3Store store, TimeProvider time, string key, long offset, long? length, CancellationToken cancellation)
    {
        if (length == 0)
        {
            return await EmptyAsync(store, key, offset, cancellation);
        }

        GetObjectRequest Request() => new()
        {
            BucketName = access.Bucket,
            Key = key,
            ByteRange = offset == 0 && length is null ? null : length is { } bytes && bytes < long.MaxValue - offset ? new ByteRange(offset, offset + bytes - 1) : new ByteRange($"bytes={offset}-"),
        };
        try
        {
            return new S3ReadStream(await access.RawAsync(client => client.GetObjectAsync(Request(), cancellation)), error => access.Explain(error, key), time);
        }
        catch (Amazon.S3.AmazonS3Exception beyond) when (beyond.StatusCode == System.Net.HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            return await EmptyAsync(store, key, offset, cancellation);
        }
        catch (Exception error) when (!cancellation.IsCancellationRequested)
        {
            throw access.Explain(error, key);
        }
    }

    // No range can say "nothing", and an empty object has no first byte.
    private static async Task<Stream> EmptyAsync(S3Store store, string key, long offset, CancellationToken cancellation)
    {
        var found = await store.HeadAsync(key, cancellation) ?? throw S3Errors.NotFound(key);
        return offset <= found.Size ? Stream.Null : throw new StoreException(StoreErrorKind.Invalid, $"{StoreKeys.Shown(key)} has {found.Size} bytes; none at {offset}");
    }
}
