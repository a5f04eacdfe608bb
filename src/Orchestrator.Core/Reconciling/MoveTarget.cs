using Orchestrator.Offers;

namespace Orchestrator.Reconciling;

/// <summary>Where a running job may move to.</summary>
/// <param name="Offer">The offer, on another host.</param>
/// <param name="Total">What the rest costs there: leaving, starting anew and what was not saved yet included.</param>
public sealed record MoveTarget(Offer Offer, Money Total);
