using System.Collections.Immutable;

namespace Orchestrator.Server.Api;

/// <summary>Offers of one kind. Dollars per hour of a whole machine.</summary>
/// <param name="By">What they have in common: <c>gpu</c>, <c>provider</c>, <c>region</c>, <c>capacity</c>.</param>
/// <param name="Offers">How many.</param>
/// <param name="Lowest">The cheapest.</param>
/// <param name="Median">The usual one.</param>
public sealed record OfferGroup(ImmutableDictionary<string, string> By, int Offers, decimal Lowest, decimal Median);
