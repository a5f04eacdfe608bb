using System.Collections.Immutable;
using Orchestrator.Jobs;
using Orchestrator.Offers;

namespace Orchestrator.Planning.Checks;

/// <summary>The spec's <c>providers</c>: a provider, one host of it, or a label that some of its offers carry.</summary>
internal sealed class ProviderCheck(ImmutableArray<ProviderChoice> choices) : Check
{
    private readonly bool _onlyExcludes = choices.All(choice => choice.Excluded);

    public override string? Rejects(Offer offer) => Allows(offer) ? null : "other provider";

    public override string Words(Offer offer) => $"{offer.Host ?? offer.Provider} is not among the spec's providers";

    private bool Allows(Offer offer)
    {
        var named = false;
        foreach (var choice in choices)
        {
            if (ProviderNames.Names(choice.Name, offer))
            {
                if (choice.Excluded)
                {
                    return false;
                }

                named = true;
            }
        }

        return named || _onlyExcludes;
    }
}
