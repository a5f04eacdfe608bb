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
    public static Choice? Forecast(PlanRequest request, Offer offer, MarketMemory memory)
    {
        var planning = new PlanRun(request, memory);
        planning.Consider(offer);
        return planning.Finish(complete: true).Choices.FirstOrDefault(choice => choice.Forecast is not null);
    }
}
