using Orchestrator.Jobs;
using Orchestrator.Offers;
using Orchestrator.Planning.Checks;
using Orchestrator.Planning.Forecasting;

namespace Orchestrator.Planning;

/// <summary>What decides between offers, and between the bids on one.</summary>
/// <param name="request">What is planned.</param>
/// <param name="rentalEnd">When an offer ends by itself.</param>
/// <param name="by">What is optimised.</param>
/// <param name="hoursLeft">Until the deadline; null = there is none.</param>
internal sealed class Ranking(PlanRequest request, RentalEndCheck rentalEnd, PlanPreference by, double? hoursLeft)
{
    public Candidate Of(in Outlook look, Money bid, Money disk, Offer offer)
    {
        var late = IsLate(look, offer);
        var total = look.Total.MicroDollars;
        var time = (long)(look.Hours * 3_600_000);
        var (first, second) = by switch
        {
            PlanPreference.Cost => (total, time),
            PlanPreference.Speed => (time, total),
            PlanPreference.Hourly => ((bid + disk).MicroDollars, total),
        };
        return new Candidate(late, first, second, bid, offer) { PerWork = look.PerWork.Total };
    }

    /// <summary>Every bid pays for the hours that are needed anyway: once those alone cost more than the best so far, that was it.</summary>
    public bool NoHigherBidIsBetter(in Candidate best, Money bid, in Outlook look) => !best.IsLate && by switch
    {
        PlanPreference.Cost => bid.MicroDollars * (look.Start + look.Work) > best.First,
        PlanPreference.Hourly => true,
        PlanPreference.Speed => false,
    };

    /// <summary>
    /// What nobody takes away must make the deadline in nine runs of ten. What may be taken away has only to be expected to: whoever
    /// rides it leaves while the rest can still be done elsewhere.
    /// </summary>
    private bool IsLate(in Outlook look, Offer offer) =>
        hoursLeft is { } left
        && (look.Hours > left || rentalEnd.EndsBefore(offer, look.Hours) || (offer.Capacity != CapacityType.Interruptible && !ForecastWriter.IsDoneWithin(left, request, look)));
}
