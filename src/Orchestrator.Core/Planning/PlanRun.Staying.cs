using System.Collections.Immutable;
using Orchestrator.Jobs;
using Orchestrator.Planning.Checks;
using Orchestrator.Planning.Forecasting;
using Orchestrator.Reconciling;

namespace Orchestrator.Planning;

/// <summary>What a plan says of where the job runs already.</summary>
internal sealed partial class PlanRun
{
    private const int MostMoves = 5;

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

    /// <summary>Going on with the best offers of other hosts, where that is expected to cost less than staying, with all that leaving takes.</summary>
    private MoveView? MoveFrom(RunningHost running, Best best)
    {
        if (_estimator is null || _by != PlanPreference.Cost)
        {
            return null;
        }

        var stay = LookAt(running.Offer, running.Offer.PricePerHour, running.Age);
        var leaving = Estimator.Dollars((stay.PricePerHour + stay.DiskPerHour) * (stay.Upload + (Priors.LeaveMinutes / 60)))
            + running.Offer.UpPerGB.PerGBFor((long)(_loads.Checkpoint * 1e9));
        if (!_spend.IsOverBudget(stay.Total) && _spend.IsOverBudget(stay.Total + leaving))
        {
            // What is left would finish it here, and would not any more if the other place turned out to be gone.
            return null;
        }

        var to = ImmutableArray.CreateBuilder<MoveTarget>();
        foreach (var candidate in best.Kept)
        {
            var total = new Money(candidate.First) + leaving;
            if (to.Count < MostMoves && !candidate.IsLate && total < stay.Total && !_spend.IsOverBudget(total) && !candidate.Offer.IsOnHostOf(running.Offer))
            {
                to.Add(new MoveTarget(candidate.AtBid, total));
            }
        }

        return to.Count == 0 ? null : new MoveView(stay.Total, to.DrainToImmutable());
    }
}
