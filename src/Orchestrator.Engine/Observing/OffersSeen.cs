using System.Collections.Immutable;
using Orchestrator.Offers;

namespace Orchestrator.Engine.Observing;

/// <param name="Offers">What was offered.</param>
/// <param name="Silent">Providers that did not answer, with their words; not empty = an empty list of offers proves nothing.</param>
public sealed record OffersSeen(ImmutableArray<Offer> Offers, ImmutableArray<string> Silent)
{
    /// <summary>Providers of whose market a part was not seen yet, with their words.</summary>
    public ImmutableArray<string> Partly { get; init; } = [];

    /// <summary>What is not among the offers is not offered.</summary>
    public bool IsComplete => Silent.IsEmpty && Partly.IsEmpty;

    /// <summary>All answered, and of some a part was not seen yet.</summary>
    public bool IsOnlyInPart => Silent.IsEmpty && !Partly.IsEmpty;

    /// <summary>Why it is not complete, for a person.</summary>
    public ImmutableArray<string> Gaps => [.. Silent, .. Partly];
}
