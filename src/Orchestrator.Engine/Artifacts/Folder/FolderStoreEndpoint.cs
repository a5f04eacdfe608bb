using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Orchestrator.Engine.Artifacts.Folder;

/// <summary>
/// Serves a folder store's signed URLs with the rules of presigned S3 URLs. The signature is the whole permission, so the
/// server's own authentication does not apply here.
/// </summary>
public static class FolderStoreEndpoint
{
    public const string DefaultPath = "/store";

    /// <param name="routes">The server's routes.</param>
    /// <param name="store">The store.</param>
    /// <param name="path">Must be the path of the store's base URL.</param>
    public static IEndpointConventionBuilder Map(IEndpointRouteBuilder routes, FolderStore store, string path = DefaultPath)
    {
        ArgumentNullException.ThrowIfNull(store);
        return routes.Map(path, context => ServeAsync(store, context)).AllowAnonymous().DisableRequestTimeout().WithDisplayName("Object store (signed URLs)");
    }

    private static async Task ServeAsync(FolderStore store, HttpContext context)
    {
        LiftLimits(context);
        var cancellation = context.RequestAborted;
        try
        {
            if (store.Urls.Check(context.Request) is not { } url)
            {
                await RefuseAsync(context, StatusCodes.Status403Forbidden, "the URL was not signed by this store for this method, or has expired; ask for a new one");
                return;
            }

            await (url.Method == "PUT" ? ReceiveAsync(store, url, context, cancellation) : SendAsync(store, url, context, cancellation));
        }
        catch (StoreException error) when (!context.Response.HasStarted)
        {
            await RefuseAsync(context, Status(error.Kind), error.Message);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The other side hung up; there is nobody to answer.
        }
    }

    private static async Task SendAsync(FolderStore store, FolderUrl url, HttpContext context, CancellationToken cancellation)
    {
        var found = await store.HeadAsync(url.Key, cancellation) ?? throw FolderErrors.NotFound(url.Key);
        if (url.Version.Length > 0 && url.Version != found.Version)
        {
            await RefuseAsync(context, StatusCodes.Status412PreconditionFailed, "the object is not what it was when the URL was signed");
            return;
        }

        var tag = found.Hash is null ? null : new Microsoft.Net.Http.Headers.EntityTagHeaderValue($"\"{found.Hash}\"");
        await Results.Stream(
            await store.ReadAsync(url.Key, 0, null, cancellation), "application/octet-stream", lastModified: found.ModifiedAt, entityTag: tag, enableRangeProcessing: true)
            .ExecuteAsync(context);
    }

    private static async Task ReceiveAsync(FolderStore store, FolderUrl url, HttpContext context, CancellationToken cancellation)
    {
        if (context.Request.ContentLength is not { } length)
        {
            await RefuseAsync(context, StatusCodes.Status411LengthRequired, "Content-Length is missing");
            return;
        }

        if (length != url.Size)
        {
            await RefuseAsync(
                context,
                length > url.Size ? StatusCodes.Status413PayloadTooLarge : StatusCodes.Status400BadRequest,
                $"Content-Length is {length}; the URL was signed for {url.Size} bytes");
            return;
        }

        if (url.Part > 0)
        {
            await store.WritePartAsync(url.Key, url.UploadId, url.Part, context.Request.Body, length, cancellation);
        }
        else
        {
            await store.WriteAsync(url.Key, context.Request.Body, length, url.Once, cancellation);
        }

        context.Response.StatusCode = StatusCodes.Status200OK;
    }

    // Checkpoints are large and home uplinks slow: the limits that protect a web page would cut them off.
    private static void LiftLimits(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }

        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } up)
        {
            up.MinDataRate = null;
        }

        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } down)
        {
            down.MinDataRate = null;
        }
    }

    private static int Status(StoreErrorKind kind) => kind switch
    {
        StoreErrorKind.NotFound => StatusCodes.Status404NotFound,
        StoreErrorKind.Exists => StatusCodes.Status412PreconditionFailed,
        StoreErrorKind.Denied => StatusCodes.Status403Forbidden,
        StoreErrorKind.Full => StatusCodes.Status507InsufficientStorage,
        StoreErrorKind.Invalid => StatusCodes.Status400BadRequest,
        StoreErrorKind.Transient => StatusCodes.Status503ServiceUnavailable,
        StoreErrorKind.SlowDown => StatusCodes.Status503ServiceUnavailable,
        StoreErrorKind.ClockSkew or StoreErrorKind.NoBucket or StoreErrorKind.Tls => StatusCodes.Status500InternalServerError,
        StoreErrorKind.Unknown => StatusCodes.Status500InternalServerError,
        _ => StatusCodes.Status500InternalServerError,
    };

    private static Task RefuseAsync(HttpContext context, int status, string words)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(words + "\n", context.RequestAborted);
    }
}
