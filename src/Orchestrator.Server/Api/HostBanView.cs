namespace Orchestrator.Server.Api;

/// <param name="By">Who said so.</param>
/// <param name="Reason">Null = none was given.</param>
/// <param name="At">Since when; null = as long as orchestrator.yaml says so.</param>
/// <param name="Until">Null = until it is pardoned.</param>
public sealed record HostBanView(string By, string? Reason, DateTimeOffset? At, DateTimeOffset? Until);
