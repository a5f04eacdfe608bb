using System.Collections.Immutable;
using Orchestrator.Jobs;
using Orchestrator.Offers;

namespace Orchestrator.Planning.Checks;

/// <summary>
/// <c>sensitive</c>: the owner of a machine can read what runs on it. Trusted places only; beside them a host of an open market
/// that the spec names itself (naming the market is not enough), or a tier it names.
/// </summary>
internal sealed class TrustCheck(bool sensitive, ImmutableArray<ProviderChoice> choices) : Check
{
    public override string? Rejects(Offer offer) => !sensitive || offer.Trusted || offer.Tier == OfferTier.Own || IsNamed(offer) ? null : "not trusted";

    public override string Words(Offer offer) =>
        $"the job is sensitive and {offer.Host ?? offer.Provider} is not a trusted place; name the {(offer.Tier == OfferTier.Marketplace ? "host" : "host or tier")} in providers to accept it";

    private bool IsNamed(Offer offer)
    {
        foreach (var choice in choices)
        {
            if (!choice.Excluded && (choice.Name == offer.Host || (offer.Tier != OfferTier.Marketplace && ProviderNames.NamesLabel(choice.Name, offer.Provider, offer.Labels))))
            {
                return true;
            }
        }

        return false;
    }
}
