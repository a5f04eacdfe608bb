using Orchestrator.Recovery;

namespace Orchestrator.Attempts;

/// <summary>The one mapping from why an attempt ended to what the job does next.</summary>
public static class EndReasons
{
    /// <summary>An attempt that comes to its end for this reason came to nothing: it never trained, and another host may do better.</summary>
    public static bool IsFruitless(this Attempt attempt, EndReason reason) =>
        attempt.TrainingStartedAt is null && reason != EndReason.None && reason.Recovery() == RecoveryClass.RetryElsewhere;

    public static RecoveryClass Recovery(this EndReason reason) => reason switch
    {
        EndReason.None => throw new ArgumentOutOfRangeException(nameof(reason), "an attempt that is not ending has no recovery class"),
        EndReason.Succeeded or EndReason.Cancelled or EndReason.Paused or EndReason.BudgetExhausted or EndReason.MaxRuntime or EndReason.StopCondition
            or EndReason.DeadlineMissed or EndReason.BadOrder or EndReason.SecretMissing
            or EndReason.ImageUnusable or EndReason.CheckpointsMissing => RecoveryClass.GiveUp,
        EndReason.EpochBegan or EndReason.WindowClosed or EndReason.DeadlineNear or EndReason.CheaperElsewhere => RecoveryClass.Wait,
        EndReason.TrainerFailed or EndReason.SetupFailed or EndReason.OutOfMemory or EndReason.DiskFull => RecoveryClass.RetrySame,
        EndReason.LaunchRefused or EndReason.NeverBooted or EndReason.NeverConnected or EndReason.CheckFailed
            or EndReason.ImageDenied or EndReason.StageFailed or EndReason.RestoreRefused or EndReason.InstanceGone or EndReason.InstanceStopped or EndReason.HostSilent
            or EndReason.TrainerLost or EndReason.Stalled or EndReason.HostFailed or EndReason.RentalEnds
            or EndReason.HostLeaves => RecoveryClass.RetryElsewhere,
    };

    /// <summary>An interruption is an attempt ended by its infrastructure after the instance was there; a refused launch cost nothing and is none.</summary>
    public static bool IsInterruption(this EndReason reason) =>
        reason is not EndReason.None and not EndReason.LaunchRefused && Recovery(reason) == RecoveryClass.RetryElsewhere;

    /// <summary>The user's own failure: reported with the log's last lines, retried only as <c>on-failure</c> says.</summary>
    public static bool IsUserFailure(this EndReason reason) => reason is not EndReason.None && Recovery(reason) == RecoveryClass.RetrySame;
}
