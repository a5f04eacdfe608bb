namespace Orchestrator.Server.Api;

/// <param name="Spec">As it would be submitted.</param>
/// <param name="Explain">An offer to explain number by number: provider/id, id or host; null = none.</param>
public sealed record PlanAsk(SubmitRequest Spec, string? Explain);
