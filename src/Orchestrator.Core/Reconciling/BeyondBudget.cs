using Orchestrator.Offers;

namespace Orchestrator.Reconciling;

/// <summary>The cheapest way to finish that only the budget speaks against.</summary>
/// <param name="Offer">At the price per hour that was looked at.</param>
/// <param name="Total">What finishing there is expected to cost from now on.</param>
public sealed record BeyondBudget(Offer Offer, Money Total);
