using System.Collections.Immutable;
using Orchestrator.Offers;
using Orchestrator.Planning.Checks;

namespace Orchestrator.Planning;

/// <summary>For a person whose policy fits nothing: which single line keeps how many offers out.</summary>
internal sealed partial class PlanRun
{
    /// <summary>Offers that fail in exactly one point, grouped by it; whose figures cannot be believed are not among them.</summary>
    public ImmutableArray<RejectionGroup> NearMisses(IEnumerable<Offer> offers)
    {
        var tally = new RejectionTally();
        foreach (var offer in offers)
        {
            if (OnlyRejection(offer) is { } group)
            {
                tally.Add(group, offer);
            }
        }

        return tally.ToGroups(offer => Explain(offer)!);
    }

    private string? OnlyRejection(Offer offer)
    {
        string? only = null;
        foreach (var check in _checks)
        {
            if (check.Rejects(offer) is not { } group)
            {
                continue;
            }

            if (only is not null || check is FigureCheck)
            {
                return null;
            }

            only = group;
        }

        // What only the budget speaks against is told with its price.
        var price = Rank(offer, out _, out _);
        return only is null ? (price == SpendCheck.Budget ? null : price) : price is null ? only : null;
    }
}
