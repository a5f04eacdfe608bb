namespace Orchestrator.Server.Api;

/// <summary>What one job has cost.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Name">Its name.</param>
/// <param name="Budget">What it may cost in all, in dollars; null = no limit.</param>
/// <param name="Instances">How many it had.</param>
/// <param name="Cost">In dollars.</param>
public sealed record CostJob(long Id, string Name, decimal? Budget, int Instances, CostParts Cost);
