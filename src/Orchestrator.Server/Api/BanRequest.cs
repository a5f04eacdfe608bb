namespace Orchestrator.Server.Api;

/// <param name="Reason">For other people; null = none was given.</param>
public sealed record BanRequest(string? Reason);
