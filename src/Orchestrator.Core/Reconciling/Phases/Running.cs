using Orchestrator.Attempts;
using Orchestrator.Jobs;
using Orchestrator.Protocol;
using Orchestrator.Recovery;

namespace Orchestrator.Reconciling.Phases;

/// <summary>Setup and training: how it starts, ends and stalls.</summary>
internal static class Running
{
    /// <summary>Hosts that may be blamed for what a trainer's log says, over a job's life.</summary>
    private const int MostByWords = 4;

    public static void Run(DecisionContext c, Attempt attempt)
    {
        if (attempt.Phase != AttemptPhase.Running || attempt.IsEnding())
        {
            return;
        }

        if (attempt.TrainingStartedAt is not { } started)
        {
            if (c.IsOver(attempt.PhaseSince, StartDeadline(attempt, c.State, c.Policies)))
            {
                c.End(attempt, EndReason.StageFailed, $"the trainer did not start within {Words.Of(StartDeadline(attempt, c.State, c.Policies) - attempt.PhaseSince)}");
            }

            return;
        }

        // A silent agent proves nothing about the trainer: only one that talks and reports no progress shows a stall.
        if (c.State.Terms.Stall is { } stall && c.Seen(attempt).Agent is { LastHeardAt: { } heard } agent && c.Now - heard < c.Policies.Silence
            && (c.State.Terms.StallFromStart || agent.ProgressAt is not null) && Later(started, agent.ProgressAt) is var from && c.IsOver(from, from + stall))
        {
            c.End(attempt, EndReason.Stalled, agent.Step is { } step
                ? $"no progress for {Words.Of(stall)}: step {step}"
                : $"no progress for {Words.Of(stall)}");
        }
    }

    public static DateTimeOffset StartDeadline(Attempt attempt, JobState state, Policies policies) =>
        attempt.PhaseSince + (state.Terms.Setup ?? TimeSpan.Zero) + policies.Check;

    /// <summary>No other host would help, a person can: the job pauses and says so.</summary>
    public static void Unfilled(DecisionContext c, OrderUnfilled unfilled)
    {
        if (Facts.Live(c, unfilled.Attempt) is { Phase: AttemptPhase.Running, TrainingStartedAt: null } attempt && !attempt.IsEnding())
        {
            c.End(attempt, EndReason.SecretMissing, $"{unfilled.Words}; then: orchestrator resume {c.State.Name}");
        }
    }

    public static void Started(DecisionContext c, Attempt attempt, TrainerStarted report)
    {
        if (attempt is { Phase: AttemptPhase.Running, TrainingStartedAt: null } && !attempt.IsEnding())
        {
            c.Emit(new TrainingStarted(attempt.Number) { At = c.Now, Why = $"the trainer runs as process {report.Pid}" });
        }
    }

    public static void Ended(DecisionContext c, Attempt attempt, TrainerEnded report)
    {
        if (attempt.Phase is not (AttemptPhase.Running or AttemptPhase.Draining) || attempt.ExitCode is not null)
        {
            return;
        }

        // Of one that we ended ourselves, the words say nothing of why.
        var found = report is { ExitCode: not 0, HostLeaves: false, NotStarted: false, OutOfMemory: false } && !attempt.IsEnding()
            ? LogFingerprints.Find(c.State.Terms.LogRules, report.Tail, report.Marked)
            : null;
        found = found is { IsOwn: false } && (report.DiskFull || report.TimedOut || IsOfSharedMemory(report.Tail)) ? null : found;
        var (reason, words) = Meaning(report, c.State.Name, found, FollowsTheJob(c.State, attempt));
        c.Emit(new TrainerExited(attempt.Number, report.ExitCode, report.Step) { At = c.Now, Why = Words.Clean(words), LogSays = found?.Then });
        c.End(attempt, reason, words, report.Step);
    }

    public static void Vanished(DecisionContext c, Attempt attempt, TrainerVanished report)
    {
        if (attempt.Phase == AttemptPhase.Running)
        {
            c.End(attempt, EndReason.TrainerLost, "the trainer is gone without an exit code: " + report.Words);
        }
    }

    /// <summary>
    /// The attempt before it ended by its host's fault too, and this one has saved nothing since: words that follow the job from host to
    /// host are hardly the hosts', and each costs its boot and its staging. Nor are they after so many hosts, whatever was saved on each.
    /// </summary>
    private static bool FollowsTheJob(JobState state, Attempt attempt) =>
        state.Attempts.Count(one => one is { Reason: EndReason.HostFailed, LogSays: LogRuleAction.RetryElsewhere }) >= MostByWords
        || (attempt.LastOrdinal == 0 && state.Attempts.Take(attempt.Number - 1).LastOrDefault(one => one.TrainingStartedAt is not null || one.ExitCode is not null) is { Reason: EndReason.HostFailed, LogSays: LogRuleAction.RetryElsewhere });

    private static (EndReason Reason, string Words) Meaning(TrainerEnded report, string job, LogFinding? found, bool isSecond)
    {
        var last = Words.LastLine(report.Tail);
        var said = last.Length == 0 ? "" : ": " + last;
        var shared = IsOfSharedMemory(report.Tail);
        return report switch
        {
            { HostLeaves: true } => (EndReason.HostLeaves, $"the host was told to go down; the trainer ended with exit code {report.ExitCode}"),
            { NotStarted: true } => (EndReason.BadOrder, "the command could not be started" + said),
            { OutOfMemory: true } => (EndReason.OutOfMemory, "the kernel ended the trainer: out of memory" + said),
            _ when found is not null => Meaning(report, found, isSecond && !found.IsOwn),
            { DiskFull: true, ExitCode: not 0 } when !shared =>
                (EndReason.DiskFull, $"the host has no disk space left; exit code {report.ExitCode}{said}. Make room there or raise resources.disk, then: orchestrator resume {job}"),
            { ExitCode: not 0 } when shared => (
                report.InSetup ? EndReason.SetupFailed : EndReason.TrainerFailed,
                $"/dev/shm was full; exit code {report.ExitCode}{said}. Raise resources.shm, or use fewer data loader workers"),
            { TimedOut: true } => (EndReason.SetupFailed, "setup ran into its time-out" + said),
            { InSetup: true } => (EndReason.SetupFailed, $"setup ended with exit code {report.ExitCode}{said}"),
            { ExitCode: 0 } => (EndReason.Succeeded, "the trainer ended with exit code 0"),
            _ => (EndReason.TrainerFailed, $"the trainer ended with exit code {report.ExitCode}{said}"),
        };
    }

    private static (EndReason Reason, string Words) Meaning(TrainerEnded report, LogFinding found, bool isSecond)
    {
        var words = $"{found.Words} (exit code {report.ExitCode})";
        return found.Then == LogRuleAction.RetryElsewhere && !isSecond ? (EndReason.HostFailed, words)
            : (report.InSetup ? EndReason.SetupFailed : EndReason.TrainerFailed, isSecond && found.Then == LogRuleAction.RetryElsewhere ? words + "; on two hosts in a row, so it is taken for the job's own" : words);
    }

    /// <summary>PyTorch's data loaders and NCCL, in their own words; the system's are the same as for a disk.</summary>
    private static bool IsOfSharedMemory(string? tail) => tail is not null
        && ((tail.Contains("No space left on device", StringComparison.Ordinal)
                && (tail.Contains("/dev/shm", StringComparison.Ordinal) || tail.Contains("</torch_", StringComparison.Ordinal)))
            || (tail.Contains("us error", StringComparison.Ordinal) && tail.Contains("shared memory", StringComparison.Ordinal)));

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset? b) => b > a ? b.Value : a;
}
