namespace Orchestrator.Server.Api;

/// <param name="Budget">New budget over all attempts in dollars; null = unchanged.</param>
public sealed record ResumeRequest(decimal? Budget);
