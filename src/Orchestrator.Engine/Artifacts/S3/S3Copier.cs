using Amazon.S3.Model;

namespace Orchestrator.Engine.Artifacts.S3;

/// <summary>
/// Copies inside the bucket without a byte passing here. Always as a multipart upload: the only way beyond 5 GB, and the only
/// one whose last step can be made conditional everywhere.
/// </summary>
internal sealed class S3Copier(S3Access access, S3Uploads uploads)
{
    private const long PieceBytes = 1L << 30;

    internal async Task CopyAsync(S3Store store, string from, string key, bool onlyIfAbsent, CancellationToken cancellation)
    {
        var source = await store.HeadAsync(from, cancellation) ?? throw S3Errors.NotFound(from);
        if (source.Size == 0)
        {
            // No part may be empty.
            await store.WriteAsync(key, Stream.Null, 0, onlyIfAbsent, cancellation);
            return;
        }

        var uploadId = await store.BeginMultipartAsync(key, onlyIfAbsent, cancellation);
        try
        {
            for (var (offset, part) = (0L, 1); offset < source.Size; offset += PieceBytes, part++)
            {
                await CopyPartAsync(source, key, uploadId, part, offset, cancellation);
            }

            await uploads.CompleteAsync(key, uploadId, onlyIfAbsent, cancellation);
        }
        catch
        {
            await uploads.AbortAsync(key, uploadId, CancellationToken.None);
            throw;
        }
    }

    private Task<CopyPartResponse> CopyPartAsync(StoredObject source, string key, string uploadId, int part, long offset, CancellationToken cancellation) =>
        access.CallAsync(
            source.Key,
            client => client.CopyPartAsync(
                new CopyPartRequest
                {
                    SourceBucket = access.Bucket,
                    SourceKey = source.Key,
                    // What is copied must be what was measured.
                    ETagToMatch = source.Version is { } version ? [version] : [],
                    DestinationBucket = access.Bucket,
                    DestinationKey = key,
                    UploadId = S3UploadId.Parse(uploadId)!.Id,
                    PartNumber = part,
                    // A range is for large objects only; a small one goes whole.
                    FirstByte = source.Size > PieceBytes ? offset : null,
                    LastByte = source.Size > PieceBytes ? Math.Min(offset + PieceBytes, source.Size) - 1 : null,
                },
                cancellation),
            cancellation);
}
