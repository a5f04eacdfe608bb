namespace Orchestrator.Server.Api;

/// <summary>A batch of the report.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Jobs">Those that lived within the period.</param>
/// <param name="Done">Of these.</param>
/// <param name="Failed">Of these.</param>
/// <param name="Live">Of these: not ended.</param>
/// <param name="Cost">Within the period, in dollars.</param>
/// <param name="Budget">What its jobs may cost together; null = they share none.</param>
/// <param name="Best">Of those that are done; null = they report no figures.</param>
public sealed record ReportBatch(string Name, int Jobs, int Done, int Failed, int Live, CostParts Cost, decimal? Budget, ReportBest? Best);
