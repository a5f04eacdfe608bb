namespace Orchestrator.Server.Api;

/// <summary>What a job with time to spare waits for.</summary>
/// <param name="Gpu">The card; null = without a GPU.</param>
/// <param name="Capacity">How it is usually cheapest.</param>
/// <param name="PerHour">Dollars per hour that are usual, disk included.</param>
/// <param name="Total">Dollars to finish then.</param>
/// <param name="Until">When it begins at the latest.</param>
public sealed record PlanWait(string? Gpu, string Capacity, decimal PerHour, decimal Total, DateTimeOffset Until);
