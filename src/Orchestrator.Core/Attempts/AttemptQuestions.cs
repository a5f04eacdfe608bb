using Orchestrator.Offers;

namespace Orchestrator.Attempts;

/// <summary>Small questions about an attempt that several phases ask.</summary>
public static class AttemptQuestions
{
    /// <summary>A create call may have reached the provider and nobody knows yet whether it rented something.</summary>
    public static bool IsLaunchUnknown(this Attempt attempt) =>
        attempt is { LaunchSentAt: not null, InstanceId: null, Phase: AttemptPhase.Launching or AttemptPhase.Terminating };

    /// <summary>
    /// Nobody waits any more for what its create call did on a machine of one's own, which may never say so. Nobody sends a bill for that:
    /// from then on it is told apart, and no budget counts it. What others rent out counts for as long as nobody knows.
    /// </summary>
    public static bool IsUnsettled(this Attempt attempt) =>
        attempt.IsLaunchUnknown() && attempt.IsEnding() && OwnMachines.Has(attempt.Offer.Host);

    public static bool IsLive(this Attempt attempt) => attempt.Phase != AttemptPhase.Ended;

    /// <summary>On its way out: the reason is known and the job no longer counts on it.</summary>
    public static bool IsEnding(this Attempt attempt) => attempt.Reason != EndReason.None;

    /// <summary>Phases in which an agent is expected to answer.</summary>
    public static bool WantsChannel(this Attempt attempt) =>
        attempt.InstanceId is not null && attempt.Phase is >= AttemptPhase.Connecting and <= AttemptPhase.Cleaning;
}
