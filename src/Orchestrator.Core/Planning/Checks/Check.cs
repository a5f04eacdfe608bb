using Orchestrator.Offers;

namespace Orchestrator.Planning.Checks;

/// <summary>
/// One group of questions to an offer. Most offers fail one, tens of thousands per plan: so rejecting allocates nothing (names
/// of groups are made once per plan), and the words with the numbers are found only for those that are shown.
/// </summary>
internal abstract class Check
{
    /// <summary>The group an offer is rejected under; null = it passes.</summary>
    public abstract string? Rejects(Offer offer);

    /// <summary>Why, with its numbers, for an offer that was rejected.</summary>
    public abstract string Words(Offer offer);
}
