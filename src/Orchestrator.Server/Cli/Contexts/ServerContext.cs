namespace Orchestrator.Server.Cli.Contexts;

/// <summary>A server elsewhere that a person has signed in to.</summary>
/// <param name="Url">Its address, as it was given.</param>
/// <param name="Token">Of its API.</param>
/// <param name="Authority">PEM of the only authority that its certificate may be of; null = any that this machine trusts.</param>
internal sealed record ServerContext(string Url, string Token, string? Authority);
