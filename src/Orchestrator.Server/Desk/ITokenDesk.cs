using System.Collections.Immutable;
using Orchestrator.Server.Api;

namespace Orchestrator.Server.Desk;

/// <summary>Tokens of the API and links to the pages.</summary>
public interface ITokenDesk
{
    Task<ImmutableArray<TokenView>> ListAsync(bool all, CancellationToken cancellation);

    Task<TokenReply> CreateAsync(TokenRequest request, string by, CancellationToken cancellation);

    Task<LinkReply> CreateLinkAsync(TokenRequest request, string by, CancellationToken cancellation);

    Task<TokenView> RevokeAsync(string nameOrId, string by, CancellationToken cancellation);
}
