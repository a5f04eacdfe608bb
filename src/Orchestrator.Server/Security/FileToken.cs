using Orchestrator.Engine.Security;

namespace Orchestrator.Server.Security;

/// <summary>The installation's first token: the 0600 file that the command line reads. It asks no database, so that it opens a server whose database is away.</summary>
public sealed class FileToken(ApiToken expected) : ITokenCheck
{
    /// <summary>Its name, which no other token may have.</summary>
    public const string Name = "admin";

    private readonly TokenAnswer _admin = new(new TokenOwner(Name, Roles.Admin, ApiToken.IdOf(expected.Value)));

    public ValueTask<TokenAnswer> CheckAsync(string token, CancellationToken cancellation) => new(expected.Matches(token) ? _admin : TokenAnswer.Unknown);

    public ValueTask<TokenAnswer> StandsAsync(string id, CancellationToken cancellation) => new(id == _admin.Owner!.Token ? _admin : TokenAnswer.Unknown);
}
