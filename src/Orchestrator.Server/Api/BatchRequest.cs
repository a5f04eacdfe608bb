namespace Orchestrator.Server.Api;

/// <param name="Budget">New shared budget in dollars.</param>
public sealed record BatchRequest(decimal Budget);
