namespace Orchestrator.Server.Security;

/// <summary>Whether tokens are this installation's.</summary>
public interface ITokenCheck
{
    /// <summary>Of a token that somebody presents as a bearer's.</summary>
    ValueTask<TokenAnswer> CheckAsync(string token, CancellationToken cancellation);

    /// <summary>Of the token that a session was made from, by its id.</summary>
    ValueTask<TokenAnswer> StandsAsync(string id, CancellationToken cancellation);
}
