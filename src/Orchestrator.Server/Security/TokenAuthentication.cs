using System.Security.Claims;
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

        var owner = await tokens.OwnerAsync(header[Prefix.Length..].Trim(), Context.RequestAborted);
        return owner is null
            ? AuthenticateResult.Fail("no such token")
            : AuthenticateResult.Success(new(Principal(owner, Scheme), Scheme));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties) => Unauthorized.WriteAsync(Context);

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) => Unauthorized.ForbidAsync(Context);

    internal static ClaimsPrincipal Principal(string owner, string scheme) =>
        new(new ClaimsIdentity([new(ClaimTypes.NameIdentifier, owner), new(ClaimTypes.Name, owner)], scheme));
}
