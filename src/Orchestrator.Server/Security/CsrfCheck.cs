using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication.Cookies;
using Orchestrator.Server.Api;

namespace Orchestrator.Server.Security;

/// <summary>
/// A browser sends its cookie along with a form that another site made it submit, so a change that rests on the cookie needs
/// the antiforgery token too. A bearer token is never sent by itself and needs none.
/// </summary>
public static class CsrfCheck
{
    public static async Task CheckAsync(HttpContext context, RequestDelegate next)
    {
        var isSession = context.User.Identity is { IsAuthenticated: true, AuthenticationType: CookieAuthenticationDefaults.AuthenticationScheme };
        if (Access.IsSafe(context.Request) || !isSession || await context.RequestServices.GetRequiredService<IAntiforgery>().IsRequestValidAsync(context))
        {
            await next(context);
            return;
        }

        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        await context.Response.WriteAsJsonAsync(
            new ErrorReply("the request lacks a valid antiforgery token", "reload the page and try again"), ApiJson.Options, context.RequestAborted);
    }
}
