namespace Orchestrator.Engine.Reports;

/// <summary>What is left at a provider now.</summary>
/// <param name="Provider">Its name.</param>
/// <param name="CheckedAt">When it last showed all that runs there; null = it never has, or is a machine of one's own.</param>
/// <param name="Live">Instances that jobs work on.</param>
/// <param name="Owed">Instances whose end is ordered and not confirmed.</param>
/// <param name="Orphans">Instances with our label that no job owns.</param>
public sealed record PlaceFact(string Provider, DateTimeOffset? CheckedAt, int Live, int Owed, int Orphans)
{
    public int Left => Live + Owed + Orphans;
}
