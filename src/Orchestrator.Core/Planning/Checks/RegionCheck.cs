using System.Collections.Immutable;
using Orchestrator.Offers;

namespace Orchestrator.Planning.Checks;

/// <summary><c>reliability.regions</c>. A place nobody knows is refused where one was asked for, but on an own machine.</summary>
internal sealed class RegionCheck(ImmutableArray<string> regions) : Check
{
    private readonly ImmutableArray<string> _wanted = [.. regions.Where(region => !region.StartsWith('!'))];
    private readonly ImmutableArray<string> _unwanted = [.. regions.Where(region => region.StartsWith('!')).Select(region => region[1..])];

    public override string? Rejects(Offer offer)
    {
        if (regions.IsEmpty)
        {
            return null;
        }

        if (offer.Country is not { } country)
        {
            return offer.Tier == OfferTier.Own ? null : "unknown region";
        }

        return (!_wanted.IsEmpty && !IsIn(_wanted, country)) || IsIn(_unwanted, country) ? "other region" : null;
    }

    public override string Words(Offer offer) => $"{offer.Country ?? "its country is not published"}, {string.Join(", ", regions)} wanted";

    private static bool IsIn(ImmutableArray<string> regions, string country)
    {
        foreach (var region in regions)
        {
            if (CountryGroups.Contains(region, country))
            {
                return true;
            }
        }

        return false;
    }
}
