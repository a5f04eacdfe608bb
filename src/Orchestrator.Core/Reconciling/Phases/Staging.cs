using System.Globalization;
using Orchestrator.Attempts;
using Orchestrator.Checkpoints;
using Orchestrator.Protocol;

namespace Orchestrator.Reconciling.Phases;

/// <summary>Chooses the checkpoint, then moves code, data and checkpoint to the host.</summary>
internal static class Staging
{
    public static void Run(DecisionContext c, Attempt attempt)
    {
        if (attempt.Phase != AttemptPhase.Staging || attempt.IsEnding())
        {
            return;
        }

        if (!attempt.RestoreDecided && !c.State.Terms.HasCheckpoints)
        {
            c.Emit(new RestoreChosen(attempt.Number, null) { At = c.Now, Why = "the job has no checkpoints" });
        }

        if (c.IsOver(attempt.PhaseSince, Deadline(attempt, c.State, c.Policies)))
        {
            c.End(attempt, EndReason.StageFailed, $"code, data and checkpoint were not in place within {Words.Of(c.State.Terms.Stage ?? c.Policies.Stage)}");
        }
    }

    public static DateTimeOffset Deadline(Attempt attempt, JobState state, Policies policies) => attempt.PhaseSince + (state.Terms.Stage ?? policies.Stage);

    /// <summary>All that the store holds is known now: adopts what was written while nobody looked, then chooses.</summary>
    public static void Scanned(DecisionContext c, ManifestsScanned scan)
    {
        if (Facts.Live(c, scan.Attempt) is not { RestoreDecided: false, Phase: AttemptPhase.Staging } attempt || attempt.IsEnding())
        {
            return;
        }

        var gone = scan.Missing.Concat(scan.Damaged).ToHashSet(StringComparer.Ordinal);
        if (!c.State.Checkpoints.IsEmpty && scan.Verified.IsEmpty && c.State.Checkpoints.All(one => gone.Contains(one.ManifestKey)) && !IsAskedAgain(c.State, attempt))
        {
            // One that is gone is damage; all at once are a disk that is not mounted, another bucket, somebody's rule that deletes.
            c.End(attempt, EndReason.CheckpointsMissing, NoneUsable(c.State));
            return;
        }

        foreach (var key in scan.Missing)
        {
            CheckpointFacts.Reject(c, key, "it is not in the store any more");
        }

        foreach (var key in scan.Damaged)
        {
            CheckpointFacts.Reject(c, key, "the scan before a restore found it damaged");
        }

        foreach (var found in scan.Verified.Order(CheckpointAge.Instance))
        {
            if (found.Attempt < attempt.Number && CheckpointFacts.IsNew(c.State, found))
            {
                var reported = c.State.Unverified.Any(u => u.ManifestKey == found.ManifestKey);
                CheckpointFacts.Commit(c, found, !reported, reported ? "verified" : "adopted: it was stored while nobody looked");
            }
        }

        Choose(c, attempt.Number);
    }

    public static void Refused(DecisionContext c, Attempt attempt, StageRefused answer)
    {
        if (attempt.Phase != AttemptPhase.Staging || attempt.IsEnding())
        {
            return;
        }

        switch (answer.Kind)
        {
            case StageRefusal.CheckpointDamaged when attempt.RestoreFrom is { } used && answer.ManifestKey == used.ManifestKey:
                Doubted(c, attempt, used, answer.Words);
                break;
            case StageRefusal.CheckpointDamaged:
                c.Note(attempt.Number, "the agent calls a checkpoint damaged that it was not told to restore: " + answer.Words);
                break;
            case StageRefusal.Source when attempt.RestoreFrom is not null:
                // It could be read once, and there is work to go on from: a failed job could not.
                c.End(attempt, EndReason.Paused, $"code or data of the spec cannot be read any more: {answer.Words}; then: orchestrator resume {c.State.Name}");
                break;
            case StageRefusal.Source:
                c.End(attempt, EndReason.BadOrder, "code or data of the spec cannot be read: " + answer.Words);
                break;
            case StageRefusal.DiskFull:
                c.End(attempt, EndReason.StageFailed, "the host's disk is full: " + answer.Words);
                break;
            case StageRefusal.Host:
                c.End(attempt, EndReason.StageFailed, "the host could not take the files: " + answer.Words);
                break;
        }
    }

    /// <summary>
    /// Its bytes were right when we compared them: bad memory or a bad disk of one host throws no work away. They are compared again
    /// before the next restore, and only a second host's word counts as much as ours.
    /// </summary>
    private static void Doubted(DecisionContext c, Attempt attempt, CheckpointRef used, string words)
    {
        if (RestoreDoubts.AreShared(c.State, attempt, used.ManifestKey))
        {
            CheckpointFacts.Reject(c, used.ManifestKey, "two hosts could not restore it: " + words);
            Choose(c, attempt.Number);
        }
        else
        {
            c.End(attempt, EndReason.RestoreRefused, $"the host found {used.Entry} damaged, whose bytes were right when they were verified ({words}); they are compared again, and another host restores it");
        }
    }

    public static void Staged(DecisionContext c, Attempt attempt, FilesStaged answer)
    {
        if (attempt.Phase != AttemptPhase.Staging || attempt.IsEnding() || !attempt.RestoreDecided)
        {
            return;
        }

        if (answer.RestoredManifestKey != attempt.RestoreFrom?.ManifestKey)
        {
            c.Note(attempt.Number, "the agent restored another checkpoint than it was told to");
            return;
        }

        c.Enter(attempt, AttemptPhase.Running, "code, data and checkpoint are in place");
    }

    /// <summary>A person has read that they are missing, and resumed.</summary>
    private static bool IsAskedAgain(JobState state, Attempt attempt) =>
        state.Attempts.Take(attempt.Number - 1).LastOrDefault(one => one.RestoreDecided || one.Reason == EndReason.CheckpointsMissing) is { Reason: EndReason.CheckpointsMissing };

    private static string NoneUsable(JobState state)
    {
        var newest = state.Checkpoints[^1];
        var which = newest.Step is { } step ? string.Create(CultureInfo.InvariantCulture, $"{newest.Entry}, step {step}") : newest.Entry;
        return $"none of the {state.Checkpoints.Length} checkpoints of this job is in the store any more, or whole there (newest: {which}). Is its disk mounted, is it the same bucket, does a rule delete there? "
            + $"Put them back, then: orchestrator resume {state.Name}; resumed without them it begins at the start";
    }

    private static void Choose(DecisionContext c, int number)
    {
        var newest = c.State.NewestCheckpoint;
        var why = newest is null
            ? "no usable checkpoint: from the start"
            : newest.Step is { } step ? $"newest verified checkpoint: {newest.Entry}, step {step}" : $"newest verified checkpoint: {newest.Entry}";
        c.Emit(new RestoreChosen(number, newest) { At = c.Now, Why = why });
    }
}
