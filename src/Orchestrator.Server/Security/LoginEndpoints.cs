using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Orchestrator.Server.Api;

namespace Orchestrator.Server.Security;

internal static class LoginEndpoints
{
    internal static void MapLogin(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/login", async (string? code, LoginCodes codes, HttpContext context) =>
        {
            if (codes.Redeem(code) is not { } owner)
            {
                await Unauthorized.WriteAsync(context);
                return;
            }

            await context.SignInAsync(
                CookieAuthenticationDefaults.AuthenticationScheme,
                TokenAuthentication.Principal(owner, CookieAuthenticationDefaults.AuthenticationScheme),
                new() { IsPersistent = true });
            context.Response.Headers.CacheControl = "no-store";
            context.Response.Headers["Referrer-Policy"] = "no-referrer";
            // A page and no redirect: a Strict cookie is not sent along a redirect that began in another program or site.
            context.Response.ContentType = "text/html; charset=utf-8";
            await context.Response.WriteAsync(
                "<!doctype html><meta charset=\"utf-8\"><meta name=\"color-scheme\" content=\"light dark\"><meta http-equiv=\"refresh\" content=\"0;url=/\"><title>Orchestrator</title><p><a href=\"/\">Signed in. Go on.</a></p>",
                context.RequestAborted);
        }).AllowAnonymous();

        routes.MapPost("/api/v1/login-code", (LoginCodes codes, HttpContext context) =>
        {
            var (code, expires) = codes.Create(context.User.Identity?.Name ?? "admin");
            return TypedResults.Json(new LoginCode($"{context.Request.Scheme}://{context.Request.Host}/login?code={code}", expires), ApiJson.Options);
        });
    }
}
