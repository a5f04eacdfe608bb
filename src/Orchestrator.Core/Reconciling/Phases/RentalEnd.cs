using Orchestrator.Attempts;

namespace Orchestrator.Reconciling.Phases;

/// <summary>A rental that ends by itself is left early enough for the trainer to save and for that to be stored and wiped.</summary>
internal static class RentalEnd
{
    public static void Run(DecisionContext c, Attempt attempt)
    {
        if (!attempt.IsEnding() && attempt.Phase < AttemptPhase.Draining && DrainAt(attempt, c.State, c.Policies) is { } drainAt && c.Now >= drainAt)
        {
            c.End(attempt, EndReason.RentalEnds, FormattableString.Invariant($"the rental ends at {attempt.Offer.Until:yyyy-MM-dd HH:mm} UTC; the newest checkpoint is stored before that"));
        }
    }

    /// <summary>Null = the rental is open-ended.</summary>
    public static DateTimeOffset? DrainAt(Attempt attempt, JobState state, Policies policies) =>
        attempt.Offer.Until - state.Terms.DrainGrace - policies.RentalFlush - policies.Clean;
}
