namespace Orchestrator.Server.Security;

/// <summary>Whether a presented bearer token is one of this installation's.</summary>
public interface ITokenCheck
{
    /// <summary>The name of the token's owner for the timeline; null = no such token.</summary>
    ValueTask<string?> OwnerAsync(string token, CancellationToken cancellation);
}
