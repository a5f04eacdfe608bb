namespace Orchestrator.Server.Desk;

/// <param name="All">Ended jobs of any age too; else those of the last days only.</param>
/// <param name="Since">Submitted at or after this.</param>
/// <param name="Label"><c>key=value</c>, or <c>key</c> for any value.</param>
public sealed record JobListQuery(bool All = false, DateTimeOffset? Since = null, string? Label = null);
