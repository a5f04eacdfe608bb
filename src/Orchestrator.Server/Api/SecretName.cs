namespace Orchestrator.Server.Api;

/// <summary>A stored secret. Its value never leaves the server by the API.</summary>
public sealed record SecretName(string Name, DateTimeOffset ChangedAt);
