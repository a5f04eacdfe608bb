using Orchestrator.Engine.Security;

namespace Orchestrator.Server.Security;

/// <summary>The installation's first token: the 0600 file that the command line reads.</summary>
public sealed class FileToken(ApiToken token) : ITokenCheck
{
    public ValueTask<string?> OwnerAsync(string token1, CancellationToken cancellation) => new(token.Matches(token1) ? "admin" : null);
}
