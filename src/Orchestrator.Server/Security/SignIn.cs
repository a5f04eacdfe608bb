using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace Orchestrator.Server.Security;

/// <summary>Browser sessions. Each belongs to a token, has its role and ends with it.</summary>
internal static class SignIn
{
    internal static readonly TimeSpan Longest = TimeSpan.FromDays(7);

    private const string TokenClaim = "orchestrator-token";
    private const string Page =
        "<!doctype html><meta charset=\"utf-8\"><meta name=\"color-scheme\" content=\"light dark\"><meta http-equiv=\"refresh\" content=\"0;url=/\"><title>Orchestrator</title><p><a href=\"/\">Signed in. Go on.</a></p>";

    internal static ClaimsPrincipal Principal(TokenOwner owner, string scheme) => new(new ClaimsIdentity(
        [new(ClaimTypes.NameIdentifier, owner.Name), new(ClaimTypes.Name, owner.Name), new(ClaimTypes.Role, owner.Role), new(TokenClaim, owner.Token)], scheme));

    /// <summary>Whom the request's token or session stands for.</summary>
    internal static TokenOwner OwnerOf(ClaimsPrincipal user) => new(
        user.Identity?.Name ?? throw new InvalidOperationException("nobody is signed in"), user.FindFirstValue(ClaimTypes.Role) ?? "", user.FindFirstValue(TokenClaim) ?? "");

    internal static async Task BeginAsync(HttpContext context, TokenOwner owner, DateTimeOffset now)
    {
        var ends = owner.ExpiresAt is { } expiry && expiry < now + Longest ? expiry : now + Longest;
        await context.SignInAsync(
            CookieAuthenticationDefaults.AuthenticationScheme,
            Principal(owner, CookieAuthenticationDefaults.AuthenticationScheme),
            new() { IsPersistent = true, IssuedUtc = now, ExpiresUtc = ends });
        await GoOnAsync(context);
    }

    /// <summary>Goes on to an address without the code or token that this one has.</summary>
    internal static Task GoOnAsync(HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers["Referrer-Policy"] = "no-referrer";
        // A page and no redirect: a Strict cookie is not sent along a redirect that began in another program or site.
        context.Response.ContentType = "text/html; charset=utf-8";
        return context.Response.WriteAsync(Page, context.RequestAborted);
    }

    /// <summary>At every request: a session whose token was revoked or has expired is over, and one from before there were roles has none.</summary>
    internal static async Task CheckAsync(CookieValidatePrincipalContext context)
    {
        var tokens = context.HttpContext.RequestServices.GetRequiredService<ITokenCheck>();
        var answer = context.Principal?.FindFirstValue(TokenClaim) is { Length: > 0 } id ? await tokens.StandsAsync(id, context.HttpContext.RequestAborted) : TokenAnswer.Unknown;
        if (answer.Owner is { } owner)
        {
            context.ReplacePrincipal(Principal(owner, CookieAuthenticationDefaults.AuthenticationScheme));
            return;
        }

        Unauthorized.Because(context.HttpContext, answer.Refusal);
        context.RejectPrincipal();
    }
}
