namespace Orchestrator.Server.Api;

/// <param name="Provider">Who offers it.</param>
/// <param name="Offer">The provider's id of it.</param>
/// <param name="Words">Why it does not do, with its numbers.</param>
public sealed record PlanRejected(string Provider, string Offer, string Words);
