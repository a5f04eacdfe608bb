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

    /// <summary>A provider, one host of it, or a label that some of its offers carry.</summary>
    public static bool Names(string choice, Offer offer) => choice == offer.Provider || choice == offer.Host || NamesLabel(choice, offer);

    public static bool NamesLabel(string choice, Offer offer)
    {
        foreach (var label in offer.Labels)
        {
            if (choice.Length == offer.Provider.Length + 1 + label.Length && choice.StartsWith(offer.Provider, StringComparison.Ordinal)
                && choice[offer.Provider.Length] == '/' && choice.EndsWith(label, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    private bool Allows(Offer offer)
    {
        var named = false;
        foreach (var choice in choices)
        {
            if (Names(choice.Name, offer))
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
