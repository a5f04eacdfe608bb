namespace Orchestrator.Server.Api;

/// <summary>Jobs by what became of them; rehearsals are left out.</summary>
/// <param name="Done">Succeeded within the period.</param>
/// <param name="Failed">Failed, or stopped at their deadline.</param>
/// <param name="Cancelled">By a person, or for their batch.</param>
/// <param name="Running">On a host, or between two.</param>
/// <param name="Waiting">For an offer, for their turn, or for their time.</param>
/// <param name="Paused">By a person or for a budget; they go on when they are told to.</param>
public sealed record ReportCounts(int Done, int Failed, int Cancelled, int Running, int Waiting, int Paused);
