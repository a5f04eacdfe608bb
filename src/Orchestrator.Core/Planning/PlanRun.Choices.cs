using Orchestrator.Offers;
using Orchestrator.Planning.Checks;
using Orchestrator.Planning.Forecasting;

namespace Orchestrator.Planning;

/// <summary>What a plan says of an offer.</summary>
internal sealed partial class PlanRun
{
    private Choice Choose(Candidate candidate) => Choose(candidate.AtBid, age: null);

    private Choice Choose(Offer offer, TimeSpan? age)
    {
        var perHour = offer.PricePerHour + DiskPerHour(offer);
        if (_estimator is null)
        {
            return new Choice(offer, perHour) { Rhythm = _rhythms.Of(offer) };
        }

        var look = LookAt(offer, offer.PricePerHour, age);
        return new Choice(offer, perHour)
        {
            MissesDeadline = look.Hours > _hoursLeft,
            Rhythm = _rhythms.Of(look),
            Making = new Lazy<Forecast>(() => Forecast(offer, age)),
        };
    }

    private Forecast Forecast(Offer offer, TimeSpan? age) => ForecastWriter.Write(
        _request, _loads, (age is null ? _estimator : _staying)!, offer, LookAt(offer, offer.PricePerHour, age), _then, age is null ? _history : _elsewhere);

    /// <summary>At the price that is done soonest: the highest that may be paid, unless the rest then exceeds the budget.</summary>
    private Choice? Fastest(Offer offer)
    {
        Span<Money> bids = stackalloc Money[Bids.Most];
        _spend.Prices(offer, DiskPerHour(offer), bids, out var count);
        var (best, least) = (default(Money), double.PositiveInfinity);
        foreach (var bid in bids[..count])
        {
            var look = LookAt(offer, bid);
            if (look.Hours < least && !_rentalEnd.Rejects(offer, look.Hours) && !_spend.IsOverBudget(look.Total))
            {
                (best, least) = (bid, look.Hours);
            }
        }

        return double.IsFinite(least) ? Choose(offer with { PricePerHour = best }, age: null) : null;
    }

    private CheckpointAdvice? Checkpoints(Candidate candidate) =>
        _estimator is null || !_request.Rhythm.HasCheckpoints ? null : ForecastWriter.Advice(LookAt(candidate.AtBid, candidate.Bid), _request);
}
