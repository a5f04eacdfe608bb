namespace Orchestrator.Offers;

/// <summary>An offer and when a search showed it; offers of one search carry the same instant.</summary>
public sealed record SeenOffer(DateTimeOffset At, Offer Offer);
