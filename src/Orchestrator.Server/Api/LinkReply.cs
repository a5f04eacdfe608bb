namespace Orchestrator.Server.Api;

/// <param name="Token">What is kept of it.</param>
/// <param name="Path">What follows the server's address in the link: told this once, since nobody keeps it.</param>
public sealed record LinkReply(TokenView Token, string Path);
