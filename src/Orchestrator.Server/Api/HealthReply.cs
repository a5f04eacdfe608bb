namespace Orchestrator.Server.Api;

/// <param name="Ok">Database reachable and the sweep not overdue.</param>
/// <param name="Database">ok, or what is wrong.</param>
/// <param name="SweepAgeSeconds">Since the last sweep; null = none yet.</param>
public sealed record HealthReply(bool Ok, string Database, double? SweepAgeSeconds);
