using Orchestrator.Planning;
using Orchestrator.Reconciling;
using Orchestrator.Spending;

namespace Orchestrator.Engine.Observing;

/// <summary>
/// A plan as a tick sees it where limits leave little. A plan shows the best few of many offers; where these do not fit, those that do are
/// looked for behind them. What follows an interruption and what a deadline falls back to are the market's, whatever room there is today.
/// </summary>
internal static class RoomyPlans
{
    /// <param name="plan">Made without regard to room.</param>
    /// <param name="left">What there is.</param>
    /// <param name="within">Plans again with what there is.</param>
    public static PlanView View(Plan plan, RoomLeft left, Func<RoomLeft, Plan> within)
    {
        var view = plan.ToView();
        if (plan.Choices.All(choice => choice.Offer.Warm is not null || left.FitsAt(choice.Offer.Provider, choice.PerHour)))
        {
            return view;
        }

        var roomy = within(left);
        var seen = roomy.ToView();

        // The cheapest hour is in either: what a job waits for is the least of what would do.
        return roomy.Choices.IsEmpty
            ? view
            : view with { Ranked = seen.Ranked, Rhythms = seen.Rhythms, Rejected = roomy.Summary };
    }
}
