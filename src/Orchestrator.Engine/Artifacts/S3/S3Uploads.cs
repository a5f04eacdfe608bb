using Amazon.S3;
using Amazon.S3.Model;

namespace Orchestrator.Engine.Artifacts.S3;

/// <summary>Multipart uploads: begun and completed here, their parts sent by whoever has the URLs.</summary>
internal sealed class S3Uploads(S3Access access, S3Store store)
{
    internal const int MaxParts = 10_000;
    private const string MarkName = "orchestrator-upload";

    internal async Task<string> BeginAsync(string key, CancellationToken cancellation)
    {
        var mark = S3UploadId.NewMark();
        var begun = await access.CallAsync(
            key,
            client =>
            {
                var request = new InitiateMultipartUploadRequest { BucketName = access.Bucket, Key = key };
                request.Metadata.Add(MarkName, mark);
                return client.InitiateMultipartUploadAsync(request, cancellation);
            },
            cancellation);
        return new S3UploadId(mark, begun.UploadId).ToString();
    }

    internal async Task CompleteAsync(string key, string uploadId, bool onlyIfAbsent, CancellationToken cancellation)
    {
        var upload = S3UploadId.Parse(uploadId) ?? throw S3Errors.NoUpload(key, uploadId);
        try
        {
            var parts = await PartsAsync(key, upload, cancellation);
            if (onlyIfAbsent && !store.Traits.ConditionalComplete && await store.MetadataAsync(key, cancellation) is { } taken && taken.Metadata[MarkName] != upload.Mark)
            {
                throw S3Errors.Exists(key);
            }

            await access.RawAsync(client => client.CompleteMultipartUploadAsync(
                new CompleteMultipartUploadRequest
                {
                    BucketName = access.Bucket,
                    Key = key,
                    UploadId = upload.Id,
                    PartETags = [.. parts.Select(part => new PartETag(part.PartNumber ?? 0, part.ETag))],
                    IfNoneMatch = onlyIfAbsent && store.Traits.ConditionalComplete ? "*" : null,
                },
                cancellation));
        }
        catch (AmazonS3Exception refused) when (S3Errors.IsNoUpload(refused) || refused.StatusCode == System.Net.HttpStatusCode.PreconditionFailed)
        {
            // The object may be this upload's: completed by a call whose answer was lost.
            if ((await store.MetadataAsync(key, cancellation))?.Metadata[MarkName] != upload.Mark)
            {
                throw S3Errors.IsNoUpload(refused) ? S3Errors.NoUpload(key, uploadId) : S3Errors.Exists(key, refused);
            }
        }
        catch (Exception error) when (!cancellation.IsCancellationRequested)
        {
            throw access.Explain(error, key);
        }
    }

    internal async Task AbortAsync(string key, string uploadId, CancellationToken cancellation)
    {
        if (S3UploadId.Parse(uploadId) is { } upload)
        {
            await AbortRawAsync(key, upload.Id, cancellation);
        }
    }

    internal async Task AbortAllAsync(string prefix, CancellationToken cancellation)
    {
        var (nextKey, nextId) = ((string?)null, (string?)null);
        do
        {
            var page = await access.CallAsync(
                "",
                client => client.ListMultipartUploadsAsync(
                    new ListMultipartUploadsRequest { BucketName = access.Bucket, Prefix = prefix, KeyMarker = nextKey, UploadIdMarker = nextId }, cancellation),
                cancellation);
            foreach (var upload in page.MultipartUploads ?? [])
            {
                await AbortRawAsync(upload.Key, upload.UploadId, cancellation);
            }

            (nextKey, nextId) = page.IsTruncated == true ? (page.NextKeyMarker, page.NextUploadIdMarker) : (null, null);
        }
        while (nextKey is not null);
    }

    private async Task AbortRawAsync(string key, string id, CancellationToken cancellation)
    {
        try
        {
            await access.RawAsync(client => client.AbortMultipartUploadAsync(new AbortMultipartUploadRequest { BucketName = access.Bucket, Key = key, UploadId = id }, cancellation));
        }
        catch (AmazonS3Exception gone) when (S3Errors.IsNoUpload(gone))
        {
            // Completed or aborted before: what was wanted is so.
        }
        catch (Exception error) when (!cancellation.IsCancellationRequested)
        {
            throw access.Explain(error, key);
        }
    }

    /// <summary>The parts in order; throws unless they are 1, 2, 3 … without a gap.</summary>
    private async Task<List<PartDetail>> PartsAsync(string key, S3UploadId upload, CancellationToken cancellation)
    {
        var parts = new List<PartDetail>();
        string? next = null;
        do
        {
            var page = await access.RawAsync(client => client.ListPartsAsync(
                new ListPartsRequest { BucketName = access.Bucket, Key = key, UploadId = upload.Id, PartNumberMarker = next }, cancellation));
            parts.AddRange(page.Parts ?? []);
            next = page.IsTruncated == true ? page.NextPartNumberMarker?.ToString(System.Globalization.CultureInfo.InvariantCulture) : null;
        }
        while (next is not null);

        for (var i = 0; i < parts.Count; i++)
        {
            if (parts[i].PartNumber != i + 1)
            {
                throw new StoreException(StoreErrorKind.Invalid, $"upload of {StoreKeys.Shown(key)}: part {i + 1} is missing");
            }
        }

        return parts.Count > 0 ? parts : throw new StoreException(StoreErrorKind.Invalid, $"upload of {StoreKeys.Shown(key)}: it has no parts");
    }
}
