using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Orchestrator.Server.Security;

/// <summary><c>Authorization: Bearer TOKEN</c>.</summary>
public sealed class TokenAuthentication(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, ITokenCheck tokens)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public new const string Scheme = "orchestrator-token";
    private const string Prefix = "Bearer ";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
        {
            return AuthenticateResult.Fail("only bearer tokens are understood");
        }

        var answer = await tokens.CheckAsync(header[Prefix.Length..].Trim(), Context.RequestAborted);
        if (answer.Owner is { } owner)
        {
            return AuthenticateResult.Success(new(SignIn.Principal(owner, Scheme), Scheme));
        }

        Unauthorized.Because(Context, answer.Refusal);
        return AuthenticateResult.Fail(answer.Refusal ?? "no such token");
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties) => Unauthorized.WriteAsync(Context);

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) => Unauthorized.ForbidAsync(Context);
}
