using Orchestrator.Planning.Checks;

namespace Orchestrator.Planning;

/// <summary>What a plan says of where the job runs already.</summary>
internal sealed partial class PlanRun
{
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
