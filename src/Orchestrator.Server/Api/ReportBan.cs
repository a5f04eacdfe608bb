namespace Orchestrator.Server.Api;

/// <summary>A host that was banned within the period and still is.</summary>
/// <param name="Host">As offers name it.</param>
/// <param name="By">Who said so.</param>
/// <param name="Reason">Null = none was given.</param>
/// <param name="Until">Null = until it is pardoned.</param>
public sealed record ReportBan(string Host, string By, string? Reason, DateTimeOffset? Until);
