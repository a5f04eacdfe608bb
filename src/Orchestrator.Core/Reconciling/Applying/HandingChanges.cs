using Orchestrator.Attempts;

namespace Orchestrator.Reconciling.Applying;

/// <summary>A host passes from one job to another.</summary>
internal static class HandingChanges
{
    public static JobState Offered(JobState state, HostOffered e) => state.With(e.Attempt, a => a is { Phase: AttemptPhase.Passing, OfferedAt: null }
        ? a with { OfferedAt = e.At }
        : throw new InvalidOperationException($"the host of attempt {e.Attempt} cannot be offered in {a.Phase}"));

    public static JobState Passed(JobState state, HostPassed e) => state.With(e.Attempt, a => a.IsOffered()
        ? a with { PassedTo = e.To, Wiped = true }
        : throw new InvalidOperationException($"the host of attempt {e.Attempt} is not offered and cannot pass on"));

    /// <summary>It costs from here on, and runs: nothing is waited for but its agent.</summary>
    public static JobState Taken(JobState state, HostTaken e) => state.With(e.Attempt, a => a is { Phase: AttemptPhase.Planned, InstanceId: null }
        ? a with
        {
            Phase = AttemptPhase.Connecting,
            PhaseSince = e.At,
            LaunchSentAt = e.At,
            BilledFrom = e.At,
            InstanceId = e.Host.InstanceId,
            InstanceFoundAt = e.At,
            Warm = e.Host,
        }
        : throw new InvalidOperationException($"attempt {e.Attempt} cannot take a host over in {a.Phase}"));
}
