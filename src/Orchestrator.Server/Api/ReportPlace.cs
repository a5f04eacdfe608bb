namespace Orchestrator.Server.Api;

/// <summary>What is left at a provider now.</summary>
/// <param name="Provider">Its name.</param>
/// <param name="CheckedAt">When it last showed all that runs there; null = never, or it is a machine of one's own.</param>
/// <param name="Live">Instances that jobs work on.</param>
/// <param name="Owed">To be gone, and not confirmed.</param>
/// <param name="Orphans">With our label, of no job.</param>
public sealed record ReportPlace(string Provider, DateTimeOffset? CheckedAt, int Live, int Owed, int Orphans);
