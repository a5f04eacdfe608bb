using Orchestrator.Attempts;
using Orchestrator.Checkpoints;
using Orchestrator.Jobs;
using Orchestrator.Protocol;

namespace Orchestrator.Reconciling.Phases;

/// <summary>Keeps the newest checkpoints and lets the others go, never one that somebody may still need.</summary>
internal static class Retention
{
    public static void Run(DecisionContext c)
    {
        // What is newest then may hold what it was stopped for: a person chooses.
        if (c.State.Checkpoints.IsEmpty || c.State.Attempts is [.., { Reason: EndReason.StopCondition }])
        {
            return;
        }

        var keep = ToKeep(c.State);
        var usable = c.State.Checkpoints.RemoveAll(x => x.Late);
        if (keep > 0 && usable.Length < keep)
        {
            return;
        }

        var oldestKept = keep == 0 ? null : usable[^keep];
        var awaits = c.State.Attempts.LastOrDefault(a => a.RestoreDecided)?.Number;
        foreach (var checkpoint in c.State.Checkpoints)
        {
            if ((oldestKept is null || CheckpointAge.Instance.Compare(checkpoint, oldestKept) < 0) && !IsNeeded(c.State, checkpoint))
            {
                c.Emit(new CheckpointRetired(checkpoint, awaits) { At = c.Now, Why = $"{checkpoint.Entry}: {keep} newer ones are kept" });
            }
        }
    }

    public static void LetGo(DecisionContext c, Attempt attempt, RetireDone report)
    {
        if (c.State.Retired.Any(r => r.AwaitsAttempt == attempt.Number && r.Checkpoint.ManifestKey == report.ManifestKey))
        {
            c.Emit(new RetirementAcknowledged(report.ManifestKey) { At = c.Now, Why = "the agent no longer builds on it" });
        }
    }

    /// <summary>
    /// Deletable once the attempt it awaits has let go of it, or has ended and its last manifests are known: only the next
    /// attempt's scan brings to light what it stored unseen, and those may reference the retired one's files.
    /// </summary>
    public static bool MayDelete(JobState state, RetiredCheckpoint retired) =>
        retired.AwaitsAttempt is not { } number
        || (state.Attempts[number - 1].Phase == AttemptPhase.Ended
            && (state.Verdict?.Phase.IsTerminal() == true || state.Attempts.Skip(number).Any(a => a.RestoreDecided)));

    private static int ToKeep(JobState state) => state.Verdict?.Phase != JobPhase.Succeeded
        ? Math.Max(1, state.Terms.Keep)
        : state.Terms.AfterSuccess switch
        {
            AfterSuccess.KeepLast => 1,
            AfterSuccess.Keep => Math.Max(1, state.Terms.Keep),
            AfterSuccess.Delete => 0,
        };

    /// <summary>A live attempt restores from it and has none of its own yet to fall back on.</summary>
    private static bool IsNeeded(JobState state, CheckpointRef checkpoint) =>
        state.Attempts.Any(a => a.IsLive() && a.RestoreFrom?.ManifestKey == checkpoint.ManifestKey && !state.Checkpoints.Any(x => x.Attempt == a.Number));
}
