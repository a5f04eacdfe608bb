using Orchestrator.Offers;
using Orchestrator.Planning.Memory;

namespace Orchestrator.Planning;

/// <summary>
/// Filters offers by the policy, cheap checks first, and ranks what is left by the expected cost to finish (or as
/// <c>prefer</c> says). Pure: the same request, offers and memory give the same plan, in whatever order the offers come.
/// </summary>
public static class Planner
{
    public static Plan Plan(PlanRequest request, IEnumerable<Offer> offers, bool complete, MarketMemory memory)
    {
        var planning = new PlanRun(request, memory);
        foreach (var offer in offers)
        {
            planning.Consider(offer);
        }

        return planning.Finish(complete);
    }

    /// <summary>Why an offer would not do; null = it would.</summary>
    public static Rejection? Reject(PlanRequest request, Offer offer, MarketMemory memory) => new PlanRun(request, memory).Explain(offer);

    /// <summary>What one offer would cost and why, whatever its rank, at its best bid; null where the plan rejects it or nobody knows the work.</summary>
    /// <param name="request">What is planned.</param>
    /// <param name="offer">The offer.</param>
    /// <param name="market">What an interruption would lead to; it may hold the offer.</param>
    /// <param name="memory">What was learned.</param>
    public static Choice? Forecast(PlanRequest request, Offer offer, IEnumerable<Offer> market, MarketMemory memory)
    {
        if (Reject(request, offer, memory) is not null)
        {
            return null;
        }

        var planning = new PlanRun(request, memory);
        foreach (var other in market)
        {
            planning.Consider(other);
        }

        return planning.Finish(complete: true, explained: offer).Explained;
    }

    /// <summary>The same, with nothing else on the market.</summary>
    public static Choice? Forecast(PlanRequest request, Offer offer, MarketMemory memory) => Forecast(request, offer, [offer], memory);
}
