using Orchestrator.Offers;
using Orchestrator.Planning.Checks;
using Orchestrator.Planning.Forecasting;

namespace Orchestrator.Planning;

/// <summary>What a plan says of an offer, and of where the job runs already.</summary>
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
            Making = new Lazy<Forecast>(() => ForecastWriter.Write(_request, _loads, _estimator, offer, look, _then, _history)),
        };
    }

    private CheckpointAdvice? Checkpoints(Candidate candidate) =>
        _estimator is null || !_request.Rhythm.HasCheckpoints ? null : ForecastWriter.Advice(LookAt(candidate.Offer with { PricePerHour = candidate.Bid }, candidate.Bid), _request);

    /// <summary>Going on where the job runs; only what the future decides can speak against it.</summary>
    private (Choice? Stay, Rejection? Refused) Stay()
    {
        if (_request.Running is not { } running)
        {
            return default;
        }

        var stay = Choose(running.Offer, running.Age);
        var look = _estimator is null ? default : LookAt(running.Offer, running.Offer.PricePerHour, running.Age);
        var group = _rentalEnd.Rejects(running.Offer, look.Hours) ? RentalEndCheck.Group : _spend.IsOverBudget(look.Total) ? SpendCheck.Budget : null;
        return group is null
            ? (stay, null)
            : (null, new Rejection(running.Offer, group, WordsOf(group, running.Offer, running.Offer.PricePerHour, running.Age)));
    }
}
