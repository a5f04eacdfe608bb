using System.Collections.Immutable;
using Orchestrator.Offers;
using Orchestrator.Planning.Memory;

namespace Orchestrator.Planning;

/// <summary>
/// Filters offers by the policy, cheap checks first, and ranks what is left by the expected cost to finish (or as
/// <c>prefer</c> says). Pure: the same request, offers and memory give the same plan, in whatever order the offers come.
/// </summary>
public static class Planner
{
    /// <param name="request">What is planned.</param>
    /// <param name="offers">The market.</param>
    /// <param name="complete">All providers answered.</param>
    /// <param name="memory">What was learned.</param>
    /// <param name="explained">An offer that is asked about, whatever its rank.</param>
    public static Plan Plan(PlanRequest request, IReadOnlyCollection<Offer> offers, bool complete, MarketMemory memory, Offer? explained = null)
    {
        var planning = new PlanRun(request, memory);
        foreach (var offer in offers.Concat(request.Warm))
        {
            planning.Consider(offer);
        }

        return planning.Finish(offers, complete, explained);
    }

    /// <summary>Where nothing would do: the offers that fail in one point only, grouped by it. What its line in the spec costs.</summary>
    public static ImmutableArray<RejectionGroup> NearMisses(PlanRequest request, IEnumerable<Offer> offers, MarketMemory memory) => new PlanRun(request, memory).NearMisses(offers);

    /// <summary>Why an offer would not do by itself; null = it would.</summary>
    public static Rejection? Reject(PlanRequest request, Offer offer, MarketMemory memory) => new PlanRun(request, memory).Explain(offer);
}
