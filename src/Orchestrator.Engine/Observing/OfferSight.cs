using Orchestrator.Offers;

namespace Orchestrator.Engine.Observing;

/// <summary>What one provider offers.</summary>
/// <param name="Offers">Now, or a little earlier where it does not answer.</param>
/// <param name="Silence">Why it did not answer; null = it did.</param>
/// <param name="Unseen">What of its market was not looked at; null = nothing.</param>
internal sealed record OfferSight(IReadOnlyList<Offer> Offers, string? Silence, string? Unseen);
