using Orchestrator.Server.Desk;

namespace Orchestrator.Server.Api;

/// <summary>Turns refusals into one-line JSON errors; whatever else is thrown is logged and answered without its insides.</summary>
internal static class ApiErrors
{
    internal static int StatusOf(Refusal refusal) => refusal switch
    {
        Refusal.BadRequest => StatusCodes.Status422UnprocessableEntity,
        Refusal.NotFound => StatusCodes.Status404NotFound,
        Refusal.Policy => StatusCodes.Status409Conflict,
        Refusal.Unavailable => StatusCodes.Status503ServiceUnavailable,
        Refusal.None => StatusCodes.Status500InternalServerError,
    };

    internal static async Task GuardAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller has gone; there is nobody to answer.
        }
        catch (DeskException refused) when (!context.Response.HasStarted)
        {
            await WriteAsync(context, StatusOf(refused.Refusal), new(refused.Message, refused.WhatToDo, refused.Problems));
        }
        catch (BadHttpRequestException bad) when (!context.Response.HasStarted)
        {
            await WriteAsync(context, bad.StatusCode, new(WordsOf(bad), "the command line asks the right way: orchestrator --help"));
        }
        catch (Engine.Artifacts.StoreException refused) when (!context.Response.HasStarted)
        {
            await WriteAsync(context, StatusCodes.Status503ServiceUnavailable, new(refused.Message, "`orchestrator doctor` tries every store"));
        }
        catch (Exception error) when (!context.Response.HasStarted)
        {
            var logger = context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("Orchestrator.Server.Api");
            logger.LogError(error, "{Method} {Path} failed", context.Request.Method, context.Request.Path.Value);
            var away = error is Npgsql.NpgsqlException or TimeoutException;
            await WriteAsync(
                context,
                away ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status500InternalServerError,
                away ? new("the database does not answer", "wait a moment; `orchestrator doctor` says more") : new("the server failed to answer this request", "see the server's log; `orchestrator doctor` names it"));
        }
    }

    /// <summary>The framework's own words speak of bindings and inferred services to somebody who sent a bad request.</summary>
    private static string WordsOf(BadHttpRequestException bad) => bad.StatusCode switch
    {
        StatusCodes.Status413PayloadTooLarge => "the request is too large",
        StatusCodes.Status415UnsupportedMediaType => "the body must be JSON, and its Content-Type must say so",
        StatusCodes.Status408RequestTimeout => "the request came too slowly",
        _ => "the request's body or one of its parameters is missing or cannot be read",
    };

    private static async Task WriteAsync(HttpContext context, int status, ErrorReply reply)
    {
        context.Response.Clear();
        context.Response.StatusCode = status;
        await context.Response.WriteAsJsonAsync(reply, ApiJson.Options, context.RequestAborted);
    }
}
