using Orchestrator.Server.Desk;
using Orchestrator.Server.Security;

namespace Orchestrator.Server.Api;

/// <summary>Tokens and links: who else may come in.</summary>
internal static class TokenEndpoints
{
    internal static void MapTokens(this IEndpointRouteBuilder api)
    {
        api.MapGet("/tokens", async (bool? all, ITokenDesk tokens, CancellationToken cancellation) => JobEndpoints.Json(await tokens.ListAsync(all ?? false, cancellation))).ForAdmins();
        api.MapPost("/tokens", async (TokenRequest request, ITokenDesk tokens, HttpContext context) =>
            JobEndpoints.Json(await tokens.CreateAsync(request, JobEndpoints.By(context), context.RequestAborted))).ForAdmins();
        api.MapPost("/links", async (TokenRequest request, ITokenDesk tokens, HttpContext context) =>
            JobEndpoints.Json(await tokens.CreateLinkAsync(request, JobEndpoints.By(context), context.RequestAborted))).ForAdmins();
        api.MapDelete("/tokens/{name}", async (string name, ITokenDesk tokens, HttpContext context) =>
            JobEndpoints.Json(await tokens.RevokeAsync(name, JobEndpoints.By(context), context.RequestAborted))).ForAdmins();
    }
}
