using Orchestrator.Attempts;
using Orchestrator.Determinism;
using Orchestrator.Jobs;
using Orchestrator.Offers;

namespace Orchestrator.Reconciling.Applying;

internal static class EpochChanges
{
    /// <summary>Nothing is known of a forgotten attempt but that there was one.</summary>
    private static readonly OfferTaken _forgotten = new()
    {
        Provider = "unknown",
        OfferId = "unknown",
        Capacity = CapacityType.OnDemand,
        HostKind = HostKind.Container,
        PricePerHour = Money.Zero,
    };

    public static JobState Began(JobState state, EpochBegan e)
    {
        if (e.Epoch == state.Epoch)
        {
            throw new InvalidOperationException($"job {state.Id} already is of epoch {e.Epoch}");
        }

        var attempts = state.Attempts.ToBuilder();
        while (attempts.Count < e.LastAttempt)
        {
            var number = attempts.Count + 1;
            attempts.Add(new Attempt
            {
                Number = number,
                Phase = AttemptPhase.Ended,
                PhaseSince = e.At,
                PlannedAt = e.At,
                EndedAt = e.At,
                Offer = _forgotten,
                Label = LaunchToken.For(e.Former, state.Id, number),
                Epoch = e.Former,
                Why = "the restored database has forgotten it: what it cost and did is not known",
            });
        }

        return state with { Epoch = e.Epoch, Attempts = attempts.ToImmutable() };
    }
}
