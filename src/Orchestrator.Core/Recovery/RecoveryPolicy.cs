using System.Globalization;
using Orchestrator.Attempts;
using Orchestrator.Determinism;
using Orchestrator.Jobs;
using Orchestrator.Reconciling;

namespace Orchestrator.Recovery;

/// <summary>What the end of an attempt means for its job. All retries and back-offs of the product are here, where a simulation sees them.</summary>
public static class RecoveryPolicy
{
    /// <summary>Successes whose result could not be stored before the job is given up: the fault is then hardly the host's.</summary>
    private const int MaxLostSuccesses = 2;

    /// <summary>Windows that ended without a new checkpoint before the job is given up: it would pay for the same hours for ever.</summary>
    private const int MaxEmptyWindows = 3;

    /// <param name="state">With the attempt's end already counted.</param>
    /// <param name="ended">The newest attempt; its reason is known and is not Succeeded.</param>
    /// <param name="policies">In force now.</param>
    /// <param name="now">The tick's instant.</param>
    public static RecoveryDecision After(JobState state, Attempt ended, Policies policies, DateTimeOffset now) => ended.Reason.Recovery() switch
    {
        RecoveryClass.RetrySame => AfterUserFailure(state, ended, policies, now),
        RecoveryClass.RetryElsewhere or RecoveryClass.Wait => AfterInterruption(state, ended, policies, now),
        RecoveryClass.GiveUp => new RecoveryDecision(Verdict(state, ended.Reason), now, ended.Why),
    };

    /// <summary>First wait doubled for each further attempt that got nowhere, ±20 %, the same on every server.</summary>
    public static TimeSpan Backoff(JobState state, int attempts, Policies policies)
    {
        if (attempts <= 0)
        {
            return TimeSpan.Zero;
        }

        var doubled = policies.BackoffMin.TotalSeconds * Math.Pow(2, Math.Min(attempts - 1, 30));
        var jitter = SeededRandom.For(state.Epoch, Text(state.Id.Value), Text(state.Attempts.Length), "backoff");
        var seconds = Math.Min(doubled, policies.BackoffMax.TotalSeconds) * (0.8 + (0.4 * jitter.NextDouble()));
        return TimeSpan.FromMilliseconds(Math.Round(seconds * 1000));
    }

    private static RecoveryDecision AfterUserFailure(JobState state, Attempt ended, Policies policies, DateTimeOffset now)
    {
        if (ended.LogSays == LogRuleAction.Fail)
        {
            return new RecoveryDecision(JobPhase.Failed, now, ended.Why);
        }

        var retried = ended.LogSays == LogRuleAction.Restart || state.Terms.RestartOn.IsEmpty || (ended.ExitCode is { } code && state.Terms.RestartOn.Contains(code));
        if (state.UserFailures > state.Terms.Restarts || !retried)
        {
            return new RecoveryDecision(ended.Reason == EndReason.DiskFull ? JobPhase.Paused : JobPhase.Failed, now, ended.Why);
        }

        var wait = Backoff(state, state.UserFailures, policies);
        return new RecoveryDecision(null, now + wait, $"{ended.Why}; restart {state.UserFailures} of {state.Terms.Restarts} in {wait.TotalSeconds:0} s");
    }

    private static RecoveryDecision AfterInterruption(JobState state, Attempt ended, Policies policies, DateTimeOffset now)
    {
        if (state.Terms.GiveUpAfter is { } most && state.Interruptions >= most)
        {
            return new RecoveryDecision(JobPhase.Failed, now, $"given up after {state.Interruptions} interruptions; the last: {ended.Why}");
        }

        if (state.Attempts.Count(a => a is { Reason: EndReason.HostFailed, ExitCode: 0 }) >= MaxLostSuccesses)
        {
            return new RecoveryDecision(JobPhase.Failed, now, $"{ended.Why} (for the second time: check outputs and store)");
        }

        if (ended.Reason == EndReason.WindowClosed && SavedNothingIn(state, MaxEmptyWindows))
        {
            return new RecoveryDecision(JobPhase.Failed, now, $"{ended.Why}; nothing was saved in {MaxEmptyWindows} windows, so that the work of each is lost at its end: save more often, or widen schedule.run-window");
        }

        if (HostsInVain.Told(state, ended) is { } told)
        {
            return new RecoveryDecision(JobPhase.Paused, now, told);
        }

        var wait = Backoff(state, state.FruitlessAttempts, policies);
        return new RecoveryDecision(null, now + wait, ended.Reason == EndReason.CheaperElsewhere
            ? $"attempt {ended.Number} ended: {ended.Why}"
            : wait == TimeSpan.Zero
            ? $"attempt {ended.Number} was interrupted: {ended.Why}"
            : $"attempt {ended.Number} ended: {ended.Why}; next one in {wait.TotalSeconds:0} s");
    }

    /// <summary>The last so many windows brought no checkpoint, reported or verified.</summary>
    private static bool SavedNothingIn(JobState state, int windows)
    {
        var ended = state.Attempts.Where(attempt => attempt.Reason == EndReason.WindowClosed).TakeLast(windows).ToList();
        return ended.Count == windows && ended.TrueForAll(attempt => attempt is { LastOrdinal: 0, TrainingStartedAt: not null });
    }

    private static JobPhase Verdict(JobState state, EndReason reason) => reason switch
    {
        EndReason.Cancelled => JobPhase.Cancelled,
        EndReason.Paused or EndReason.SecretMissing or EndReason.ImageUnusable or EndReason.CheckpointsMissing => JobPhase.Paused,
        EndReason.DeadlineMissed => JobPhase.DeadlineMissed,
        EndReason.BudgetExhausted when state.Terms.OnExhausted == BudgetExhausted.Pause => JobPhase.Paused,
        _ => JobPhase.Failed,
    };

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
