using System.Collections.Immutable;
using Amazon.S3;
using Amazon.S3.Model;

namespace Orchestrator.Engine.Artifacts.S3;

/// <summary>Presigned URLs. What a URL must be sent with (size, condition) is under its signature.</summary>
internal sealed class S3Urls(S3Access access, Func<StoreTraits> traits)
{
    internal SignedUrl Get(string key, DateTimeOffset expires, string? version) =>
        Sign(HttpVerb.GET, key, expires, _ => { }, version is null ? [] : [new("If-Match", version)]);

    internal SignedUrl Head(string key, DateTimeOffset expires) => Sign(HttpVerb.HEAD, key, expires, _ => { });

    internal SignedUrl Put(string key, long size, DateTimeOffset expires, bool onlyIfAbsent)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        return Sign(HttpVerb.PUT, key, expires, request => request.Headers.ContentLength = size, onlyIfAbsent && traits().ConditionalPut ? [new("If-None-Match", "*")] : []);
    }

    /// <summary>Without a length: what is set is signed, a zero too, and the size is not known yet.</summary>
    internal SignedUrl PutAhead(string key, DateTimeOffset expires) => Sign(HttpVerb.PUT, key, expires, _ => { }, [new("If-None-Match", "*")]);

    internal SignedUrl Part(string key, string uploadId, int part, long size, DateTimeOffset expires)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(part, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(part, S3Uploads.MaxParts);
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        var id = S3UploadId.Parse(uploadId) ?? throw S3Errors.NoUpload(key, uploadId);
        return Sign(HttpVerb.PUT, key, expires, request =>
        {
            request.Headers.ContentLength = size;
            request.UploadId = id.Id;
            request.PartNumber = part;
        });
    }

    private SignedUrl Sign(HttpVerb verb, string key, DateTimeOffset expires, Action<GetPreSignedUrlRequest> shape, params ReadOnlySpan<KeyValuePair<string, string>> headers)
    {
        StoreKeys.Require(key);
        var request = new GetPreSignedUrlRequest
        {
            BucketName = access.Bucket,
            Key = key,
            Verb = verb,
            Expires = expires.UtcDateTime,
            // The SDK signs https whatever the endpoint says.
            Protocol = access.Store.IsHttp ? Amazon.S3.Protocol.HTTP : Amazon.S3.Protocol.HTTPS,
        };
        shape(request);
        var sent = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in headers)
        {
            request.Headers[name] = value;
            sent.Add(name, value);
        }

        return new(access.Sign(key, client => client.GetPreSignedURL(request)), expires, sent.ToImmutable());
    }
}
