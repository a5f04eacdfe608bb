namespace Orchestrator.Server.Api;

/// <param name="Token">What is kept of it.</param>
/// <param name="Value">The token itself: told this once, since nobody keeps it.</param>
public sealed record TokenReply(TokenView Token, string Value);
