namespace Orchestrator.Server.Api;

/// <param name="Seconds">Training time left.</param>
/// <param name="On">The cards it was measured on: <c>1 x RTX 4090</c>.</param>
/// <param name="Source">Who says so.</param>
public sealed record PlanWork(double Seconds, string? On, string Source);
