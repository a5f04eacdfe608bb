namespace Orchestrator.Server.Api;

/// <param name="Spec">The job that is rehearsed, as it would be submitted.</param>
/// <param name="Max">Most the rehearsal may cost, in dollars.</param>
public sealed record RehearseRequest(SubmitRequest Spec, decimal Max);
