using Orchestrator.Server.Api;

namespace Orchestrator.Server.Security;

/// <summary>What someone without a session gets: JSON for programs, a sentence for people, never a hint of what exists.</summary>
internal static class Unauthorized
{
    private const string Page = """
        <!doctype html><html lang="en"><meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>Orchestrator</title>
        <body style="font:16px/1.5 system-ui;max-width:40em;margin:4em auto;padding:0 1em"><h1>Sign in</h1>
        <p>This page needs a session. On the machine of the server type</p><pre>orchestrator login</pre><p>and open the link it prints. It works once, for five minutes.</p></body></html>
        """;

    internal static async Task WriteAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        context.Response.Headers.CacheControl = "no-store";
        if (context.Request.Path.StartsWithSegments("/api") || !context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal))
        {
            await context.Response.WriteAsJsonAsync(
                new ErrorReply("not authorised: no valid token", "use the command line on the server's machine, or send its token as Authorization: Bearer"), ApiJson.Options, context.RequestAborted);
            return;
        }

        context.Response.ContentType = "text/html; charset=utf-8";
        await context.Response.WriteAsync(Page, context.RequestAborted);
    }

    /// <summary>Signed in, and not for this.</summary>
    internal static Task ForbidAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsJsonAsync(
            new ErrorReply("this sign-in may only read", "sign in with the token of an operator"), ApiJson.Options, context.RequestAborted);
    }
}
