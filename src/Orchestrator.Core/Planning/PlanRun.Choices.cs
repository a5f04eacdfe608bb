using Orchestrator.Offers;
using Orchestrator.Planning.Checks;
using Orchestrator.Planning.Forecasting;

namespace Orchestrator.Planning;

/// <summary>What a plan says of an offer.</summary>
internal sealed partial class PlanRun
{
    private Choice Choose(Candidate candidate) => Choose(candidate.Offer with { PricePerHour = candidate.Bid }, age: null);

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
            Making = new Lazy<Forecast>(() => ForecastWriter.Write(
                _request, _loads, age is null ? _estimator : _staying!, offer, look, _then, age is null ? _history : _elsewhere)),
        };
    }

    private CheckpointAdvice? Checkpoints(Candidate candidate) =>
        _estimator is null || !_request.Rhythm.HasCheckpoints ? null : ForecastWriter.Advice(LookAt(candidate.Offer with { PricePerHour = candidate.Bid }, candidate.Bid), _request);
}
