namespace Orchestrator.Server.Security;

/// <summary>
/// Opens the pages to whoever has the link, to read only, until it expires or is revoked. It may be opened often: what shows a
/// preview of a message would use up a link that works once.
/// </summary>
internal static class LinkEndpoint
{
    private const string Path = "/view";

    internal static string PathOf(string token) => $"{Path}?token={Uri.EscapeDataString(token)}";

    internal static void MapLink(this IEndpointRouteBuilder routes) => routes.MapGet(Path, async (string? token, KnownTokens tokens, TimeProvider time, HttpContext context) =>
    {
        var answer = token is null ? TokenAnswer.Unknown : await tokens.OpenLinkAsync(token, context.RequestAborted);
        if (answer.Owner is not { } owner)
        {
            Unauthorized.Because(context, answer.Refusal);
            await Unauthorized.WriteAsync(context);
            return;
        }

        // Who may do more keeps the session they have.
        await (Roles.MayChange(context.User) ? SignIn.GoOnAsync(context) : SignIn.BeginAsync(context, owner, time.GetUtcNow()));
    }).AllowAnonymous();
}
