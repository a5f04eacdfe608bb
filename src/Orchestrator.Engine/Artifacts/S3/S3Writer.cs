using Amazon.S3;
using Amazon.S3.Model;

namespace Orchestrator.Engine.Artifacts.S3;

/// <summary>
/// Writes what this server has itself: sources, the installation's record. A piece at a time in memory, so that a piece can be
/// sent again, whatever kind of stream it came from.
/// </summary>
internal sealed class S3Writer(S3Access access, S3Uploads uploads)
{
    private const int PieceBytes = 16 << 20;

    internal async Task WriteAsync(S3Store store, string key, Stream content, long length, bool onlyIfAbsent, CancellationToken cancellation)
    {
        if (onlyIfAbsent && (!store.Traits.ConditionalPut || length > PieceBytes) && await store.MetadataAsync(key, cancellation) is not null)
        {
            throw S3Errors.Exists(key);
        }

        if (length > PieceBytes)
        {
            await WriteLargeAsync(key, content, length, onlyIfAbsent, cancellation);
            return;
        }

        var body = await PieceAsync(key, content, (int)length, cancellation);
        await RequireEndAsync(key, content, length, cancellation);
        await PutAsync(store, key, body, onlyIfAbsent, cancellation);
    }

    private async Task PutAsync(S3Store store, string key, byte[] body, bool onlyIfAbsent, CancellationToken cancellation)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                await access.RawAsync(async client =>
                {
                    using var stream = new MemoryStream(body, writable: false);
                    return await client.PutObjectAsync(
                        new PutObjectRequest
                        {
                            BucketName = access.Bucket,
                            Key = key,
                            InputStream = stream,
                            IfNoneMatch = onlyIfAbsent && store.Traits.ConditionalPut ? "*" : null,
                            UseChunkEncoding = access.Store.Dialect.Chunked,
                            DisablePayloadSigning = Unsigned,
                        },
                        cancellation);
                });
                return;
            }
            catch (AmazonS3Exception conflict) when (conflict.StatusCode == System.Net.HttpStatusCode.Conflict && tries < 5)
            {
                // Another conditional write of the key was under way; now it is known who came first.
                await Task.Delay(TimeSpan.FromMilliseconds(100 * tries), cancellation);
            }
            catch (Exception error) when (!cancellation.IsCancellationRequested)
            {
                throw access.Explain(error, key);
            }
        }
    }

    private async Task WriteLargeAsync(string key, Stream content, long length, bool onlyIfAbsent, CancellationToken cancellation)
    {
        var piece = (int)Math.Min(Array.MaxLength, Math.Max(PieceBytes, (length + S3Uploads.MaxParts - 1) / S3Uploads.MaxParts));
        var uploadId = await uploads.BeginAsync(key, cancellation);
        var done = false;
        try
        {
            for (var (left, part) = (length, 1); left > 0; left -= piece, part++)
            {
                var body = await PieceAsync(key, content, (int)Math.Min(piece, left), cancellation);
                await PutPartAsync(key, uploadId, part, body, cancellation);
            }

            await RequireEndAsync(key, content, length, cancellation);
            await uploads.CompleteAsync(key, uploadId, onlyIfAbsent, cancellation);
            done = true;
        }
        finally
        {
            if (!done)
            {
                await AbortQuietlyAsync(key, uploadId);
            }
        }
    }

    private async Task PutPartAsync(string key, string uploadId, int part, byte[] body, CancellationToken cancellation) =>
        await access.CallAsync(
            key,
            async client =>
            {
                using var stream = new MemoryStream(body, writable: false);
                return await client.UploadPartAsync(
                    new UploadPartRequest
                    {
                        BucketName = access.Bucket,
                        Key = key,
                        UploadId = S3UploadId.Parse(uploadId)!.Id,
                        PartNumber = part,
                        PartSize = body.Length,
                        InputStream = stream,
                        UseChunkEncoding = access.Store.Dialect.Chunked,
                        DisablePayloadSigning = Unsigned,
                    },
                    cancellation);
            },
            cancellation);

    private async Task AbortQuietlyAsync(string key, string uploadId)
    {
        try
        {
            // Also when the caller gave up: parts cost money and are in no list.
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            await uploads.AbortAsync(key, uploadId, limit.Token);
        }
        catch (Exception error) when (error is StoreException or OperationCanceledException)
        {
            // The exception on its way out says what is wrong; the store's rule for unfinished uploads clears this one.
        }
    }

    // Unsigned bodies are for TLS only: over plain http the SDK refuses them, and rightly.
    private bool? Unsigned => !access.Store.Dialect.SignsPayload && !access.Store.IsHttp ? true : null;

    private static async Task<byte[]> PieceAsync(string key, Stream content, int bytes, CancellationToken cancellation)
    {
        var piece = new byte[bytes];
        var read = await content.ReadAtLeastAsync(piece, bytes, throwOnEndOfStream: false, cancellation);
        return read == bytes ? piece : throw new StoreException(StoreErrorKind.Invalid, $"{StoreKeys.Shown(key)}: fewer bytes came than were announced");
    }

    private static async Task RequireEndAsync(string key, Stream content, long length, CancellationToken cancellation)
    {
        if (await content.ReadAsync(new byte[1], cancellation) > 0)
        {
            throw new StoreException(StoreErrorKind.Invalid, $"{StoreKeys.Shown(key)}: more than the announced {length} bytes came");
        }
    }
}
