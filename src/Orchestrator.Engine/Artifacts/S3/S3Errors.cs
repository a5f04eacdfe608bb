using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Amazon.Runtime;
using Amazon.S3;

namespace Orchestrator.Engine.Artifacts.S3;

/// <summary>Turns what a store or the way to it says into the closed set, with what a person can do about it.</summary>
internal static class S3Errors
{
    /// <param name="error">What came.</param>
    /// <param name="store">Which store.</param>
    /// <param name="key">The object; empty for the bucket itself.</param>
    /// <param name="keyId">The access key in use, which is no secret; null where there is none.</param>
    internal static StoreException From(Exception error, S3Settings store, string key, string? keyId)
    {
        if (error is StoreException known)
        {
            return known;
        }

        var (kind, words) = error is AmazonServiceException { StatusCode: not 0 } service ? Answered(service, store, keyId) : Unreached(error, store);
        return kind switch
        {
            StoreErrorKind.NotFound => NotFound(key, error),
            StoreErrorKind.Exists => Exists(key, error),
            _ => new(kind, $"store {store.Name}{(key.Length > 0 ? $", {StoreKeys.Shown(key)}" : "")}: {words}", error),
        };
    }

    internal static StoreException NotFound(string key, Exception? inner = null) => new(StoreErrorKind.NotFound, $"{StoreKeys.Shown(key)} is not in the store", inner);

    internal static StoreException Exists(string key, Exception? inner = null) =>
        new(StoreErrorKind.Exists, $"{StoreKeys.Shown(key)} is in the store already; keys are written once", inner);

    internal static StoreException NoUpload(string key, string uploadId) =>
        new(StoreErrorKind.NotFound, $"no unfinished upload {StoreKeys.Shown(uploadId)} of {StoreKeys.Shown(key)}; it was completed or aborted");

    /// <summary>The answer to a HEAD has no body, so no code: whether the bucket or the object is missing, or why it is forbidden, is not in it.</summary>
    internal static bool IsMute(Exception error) => error is AmazonS3Exception { ErrorCode: "NotFound" or "Forbidden" or "BadRequest" or "" or null };

    internal static bool IsMissing(Exception error) => error is AmazonS3Exception { ErrorCode: "NoSuchKey" or "NotFound" };

    internal static bool IsNoUpload(Exception error) => error is AmazonS3Exception { ErrorCode: "NoSuchUpload" or "NoSuchKey" or "NotFound" };

    /// <summary>Refused for the keys themselves: with others it may work.</summary>
    internal static bool IsAboutKeys(Exception error) => error is AmazonServiceException
    {
        ErrorCode: "InvalidAccessKeyId" or "SignatureDoesNotMatch" or "ExpiredToken" or "InvalidToken" or "TokenRefreshRequired" or "InvalidClientTokenId" or "AccessDenied" or "Forbidden",
    };

    private static (StoreErrorKind Kind, string Words) Answered(AmazonServiceException error, S3Settings store, string? keyId)
    {
        var at = store.Where;
        var setting = $"stores.{store.Name}";
        return (error.ErrorCode, (int)error.StatusCode) switch
        {
            ("NoSuchBucket", _) => (StoreErrorKind.NoBucket, $"there is no bucket \"{store.Bucket}\" at {at}; create it, or mend {setting}.bucket"),
            ("NoSuchKey" or "NotFound" or "NoSuchUpload", _) => (StoreErrorKind.NotFound, ""),
            ("PreconditionFailed", _) or (_, 412) => (StoreErrorKind.Exists, ""),
            ("InvalidAccessKeyId" or "InvalidClientTokenId", _) => (StoreErrorKind.Denied, $"{at} does not know the access key {keyId}; it was deleted or belongs to another store: mend {setting}.credentials"),
            ("SignatureDoesNotMatch", _) => (StoreErrorKind.Denied, $"the secret of access key {keyId} is wrong (SignatureDoesNotMatch); mend {setting}.credentials"),
            ("ExpiredToken" or "InvalidToken" or "TokenRefreshRequired", _) => (StoreErrorKind.Denied, $"the session token of access key {keyId} has expired; renew the credentials of {setting}"),
            ("RequestTimeTooSkewed" or "RequestExpired" or "RequestInTheFuture", _) => (StoreErrorKind.ClockSkew, $"the clock of this machine and that of {at} differ too much; set this machine's (timedatectl set-ntp true)"),
            ("SlowDown" or "ServiceUnavailable" or "TooManyRequests" or "RequestLimitExceeded" or "Throttling", _) or (_, 429 or 503) =>
                (StoreErrorKind.SlowDown, $"{at} asks for fewer requests ({Code(error)}); they are sent again later"),
            ("PermanentRedirect" or "TemporaryRedirect" or "AuthorizationHeaderMalformed" or "IllegalLocationConstraintException", _) or (_, 301 or 307) =>
                (StoreErrorKind.Denied, $"bucket \"{store.Bucket}\" is not in region {store.Region} ({Code(error)}); set {setting}.region"),
            ("QuotaExceeded" or "StorageFull" or "XMinioStorageFull", _) or (_, 507) => (StoreErrorKind.Full, $"no space left at {at} ({Code(error)}); free some there or raise its quota"),
            ("NotImplemented", _) or (_, 501) => (StoreErrorKind.Invalid, $"{at} cannot do that (NotImplemented); set {setting}.profile to what it is (r2, b2, other)"),
            ("XAmzContentSHA256Mismatch" or "BadDigest" or "InvalidDigest", _) => (StoreErrorKind.Invalid, $"{at} misreads how uploads are signed ({Code(error)}); set {setting}.profile: other"),
            ("InvalidRange", _) or (_, 416) => (StoreErrorKind.Invalid, "the range lies beyond the end"),
            ("ConditionalRequestConflict" or "OperationAborted", _) => (StoreErrorKind.Transient, "another write of it is under way; it is tried again"),
            (_, 401 or 403) => (StoreErrorKind.Denied, $"access key {keyId} may not do this in bucket \"{store.Bucket}\" ({Code(error)}); let it list, read, write and delete there"),
            (_, >= 500) => (StoreErrorKind.Transient, $"{at} answers {(int)error.StatusCode} {Code(error)}"),
            _ => (StoreErrorKind.Invalid, $"{at} refuses: {(int)error.StatusCode} {Code(error)} {Said(error)}"),
        };
    }

    private static (StoreErrorKind Kind, string Words) Unreached(Exception error, S3Settings store)
    {
        for (var inner = error; inner is not null; inner = inner.InnerException)
        {
            switch (inner)
            {
                case AuthenticationException:
                    return (StoreErrorKind.Tls, $"no trusted TLS connection to {store.Where}: {inner.Message}; {(store.CaFile is { } ca ? $"is {ca} the authority of its certificate?" : $"name a private authority's file in stores.{store.Name}.ca")}");
                case SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain }:
                    return (StoreErrorKind.Transient, $"the name of {store.Where} is not known; check stores.{store.Name}.endpoint and this machine's network");
                case SocketException:
                    return (StoreErrorKind.Transient, $"{store.Where} cannot be reached: {inner.Message}");
                default:
                    break;
            }
        }

        return error is AmazonUnmarshallingException
            ? (StoreErrorKind.Invalid, $"{store.Where} does not answer like an S3 store; check stores.{store.Name}.endpoint")
            : (StoreErrorKind.Transient, $"{store.Where} did not answer: {error.Message}");
    }

    private static string Code(AmazonServiceException error) => string.IsNullOrEmpty(error.ErrorCode) ? error.StatusCode.ToString() : error.ErrorCode;

    private static string Said(AmazonServiceException error) => error.Message is { Length: > 0 and < 300 } words && !words.Any(char.IsControl) ? words : "";
}
