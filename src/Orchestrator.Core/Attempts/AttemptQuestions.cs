namespace Orchestrator.Attempts;

/// <summary>Small questions about an attempt that several phases ask.</summary>
public static class AttemptQuestions
{
    /// <summary>A create call may have reached the provider and nobody knows yet whether it rented something.</summary>
    public static bool IsLaunchUnknown(this Attempt attempt) =>
        attempt is { LaunchSentAt: not null, InstanceId: null, Phase: AttemptPhase.Launching or AttemptPhase.Terminating };

    public static bool IsLive(this Attempt attempt) => attempt.Phase != AttemptPhase.Ended;

    /// <summary>On its way out: the reason is known and the job no longer counts on it.</summary>
    public static bool IsEnding(this Attempt attempt) => attempt.Reason != EndReason.None;

    /// <summary>Phases in which an agent is expected to answer.</summary>
    public static bool WantsChannel(this Attempt attempt) =>
        attempt.InstanceId is not null && attempt.Phase is >= AttemptPhase.Connecting and <= AttemptPhase.Cleaning;
}
