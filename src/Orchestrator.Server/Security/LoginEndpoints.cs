using Orchestrator.Server.Api;

namespace Orchestrator.Server.Security;

internal static class LoginEndpoints
{
    internal static void MapLogin(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/login", async (string? code, LoginCodes codes, ITokenCheck tokens, TimeProvider time, HttpContext context) =>
        {
            // The token may have ended since it made the code.
            var answer = codes.Redeem(code) is { } made ? await tokens.StandsAsync(made.Token, context.RequestAborted) : TokenAnswer.Unknown;
            if (answer.Owner is not { } owner)
            {
                Unauthorized.Because(context, answer.Refusal);
                await Unauthorized.WriteAsync(context);
                return;
            }

            await SignIn.BeginAsync(context, owner, time.GetUtcNow());
        }).AllowAnonymous();

        routes.MapPost("/api/v1/login-code", (LoginCodes codes, HttpContext context) =>
        {
            var (code, expires) = codes.Create(SignIn.OwnerOf(context.User));
            return TypedResults.Json(new LoginCode($"{context.Request.Scheme}://{context.Request.Host}/login?code={code}", expires), ApiJson.Options);
        }).ForViewers();
    }
}
