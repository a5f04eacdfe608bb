using Orchestrator.Engine.Security;

namespace Orchestrator.Server.Security;

/// <summary>The installation's first token: the 0600 file that the command line reads.</summary>
public sealed class FileToken(ApiToken expected) : ITokenCheck
{
    public ValueTask<string?> OwnerAsync(string token, CancellationToken cancellation) => new(expected.Matches(token) ? "admin" : null);
}
