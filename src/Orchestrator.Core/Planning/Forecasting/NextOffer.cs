using Orchestrator.Offers;

namespace Orchestrator.Planning.Forecasting;

/// <param name="Offer">The offer, at the price of the market.</param>
/// <param name="Share">Chance that it is the one.</param>
/// <param name="PerWork">Dollars per hour of work from there on.</param>
internal readonly record struct NextOffer(Offer Offer, double Share, double PerWork);
