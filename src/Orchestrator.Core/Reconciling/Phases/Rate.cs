using Orchestrator.Attempts;

namespace Orchestrator.Reconciling.Phases;

/// <summary>
/// What is rented may turn out dearer than it was offered, at once or when its host raises the price: above the job's limit it is given up,
/// with what it has made stored first.
/// </summary>
internal static class Rate
{
    /// <summary>A record's last digits are not an offer's.</summary>
    private const decimal Noise = 1.01m;

    public static void Run(DecisionContext c, Attempt attempt)
    {
        if (attempt.IsEnding() || attempt.Phase >= AttemptPhase.Draining || c.State.Terms.MaxHourly is not { } most
            || c.Seen(attempt).Listing?.Instances.FirstOrDefault(x => x.InstanceId == attempt.InstanceId)?.PerHour is not { } rate)
        {
            return;
        }

        // What was agreed to was within the limit, so that only what came after can be above it.
        if (rate > most && rate.MicroDollars > attempt.Offer.PerHour.MicroDollars * Noise)
        {
            c.End(attempt, EndReason.CheckFailed, $"{attempt.Offer.Provider} charges {rate}/h instead of {attempt.Offer.PerHour}/h, and max-hourly is {most}/h");
        }
    }
}
