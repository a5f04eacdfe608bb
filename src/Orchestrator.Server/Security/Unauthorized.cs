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

    private const string ReasonKey = "orchestrator-refusal";

    /// <summary>Keeps what is known of the token, for the answer; null = nothing.</summary>
    internal static void Because(HttpContext context, string? reason) => context.Items[ReasonKey] = reason;

    internal static async Task WriteAsync(HttpContext context)
    {
        var reason = context.Items.TryGetValue(ReasonKey, out var kept) ? kept as string : null;
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        context.Response.Headers.CacheControl = "no-store";
        if (context.Request.Path.StartsWithSegments("/api") || !context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal))
        {
            await context.Response.WriteAsJsonAsync(
                reason is null
                    ? new ErrorReply("not authorised: no valid token", "use the command line on the server's machine, or send a token as Authorization: Bearer")
                    : new ErrorReply($"not authorised: {reason}", "ask an admin of this server for another: orchestrator server token create"),
                ApiJson.Options,
                context.RequestAborted);
            return;
        }

        context.Response.ContentType = "text/html; charset=utf-8";
        await context.Response.WriteAsync(reason is null ? Page : Page.Replace("<p>This page", $"<p><strong>{System.Net.WebUtility.HtmlEncode(reason)}</strong></p><p>This page", StringComparison.Ordinal), context.RequestAborted);
    }

    /// <summary>Signed in, and not for this.</summary>
    internal static Task ForbidAsync(HttpContext context)
    {
        var owner = SignIn.OwnerOf(context.User);
        var needed = Access.NeededBy(context);
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsJsonAsync(
            new ErrorReply($"this takes the role {needed}, and {owner.Name} has {(owner.Role.Length > 0 ? $"the role {owner.Role}" : "none")}", $"use the token of one who has it: orchestrator server token create --role {needed}"),
            ApiJson.Options,
            context.RequestAborted);
    }
}
