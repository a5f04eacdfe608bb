using System.Collections.Immutable;
using Orchestrator.Offers;

namespace Orchestrator.Engine.Observing;

/// <param name="Offers">What was offered.</param>
/// <param name="Silent">Providers that did not answer, with their words; not empty = an empty list of offers proves nothing.</param>
public sealed record OffersSeen(ImmutableArray<Offer> Offers, ImmutableArray<string> Silent);
