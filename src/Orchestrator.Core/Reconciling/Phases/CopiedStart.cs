using System.Globalization;
using Orchestrator.Checkpoints;
using Orchestrator.Jobs;

namespace Orchestrator.Reconciling.Phases;

/// <summary>A job that begins from another's checkpoint waits until that is its own, and rents nothing before.</summary>
internal static class CopiedStart
{
    /// <summary>How far it has got is told by <see cref="Stands"/>, and stays.</summary>
    public static void Wait(DecisionContext c)
    {
        if (c.State is { Verdict: null, Phase: not JobPhase.Waiting, Start: { } copy })
        {
            Tell(c, $"the checkpoint is being copied: {copy.Words}");
        }
    }

    public static void Stands(DecisionContext c, CopyStands fact)
    {
        // One that waits for its hours says so.
        if (c.State is not { Verdict: null, Phase: JobPhase.Pending or JobPhase.Waiting, Start: { } copy })
        {
            return;
        }

        var files = string.Create(CultureInfo.InvariantCulture, $"{fact.Files} of {fact.Of} files");
        Tell(c, fact.Trouble is null ? $"the checkpoint is being copied: {files} ({copy.Words})" : $"the checkpoint cannot be copied now, and is tried again ({copy.Words}): {fact.Trouble}");
    }

    public static void Copied(DecisionContext c, CheckpointCopied fact)
    {
        if (c.State.Start is not { } copy || c.State.Verdict?.Phase.IsTerminal() == true || fact.Checkpoint.ManifestKey != ObjectKeys.Manifest(JobFolders.OfCopy(c.State, copy), fact.Checkpoint.Ordinal))
        {
            return;
        }

        c.Emit(new CheckpointCommitted(fact.Checkpoint with { TrainedBefore = copy.Checkpoint.TrainedBefore }, Adopted: false) { At = c.Now, Why = Words.Clean($"copied to begin from: {copy.Words}") });
        if (c.State is { Verdict: null, Phase: JobPhase.Waiting })
        {
            c.Emit(new JobPhaseChanged(JobPhase.Pending, null) { At = c.Now, Why = "the checkpoint is copied" });
        }
    }

    /// <summary>A person is asked, as where a job's own checkpoints are missing: nothing begins at the start by itself.</summary>
    public static void Impossible(DecisionContext c, CopyImpossible fact)
    {
        if (c.State is { Start: { } copy, Verdict: null })
        {
            c.Emit(new VerdictReached(JobPhase.Paused)
            {
                At = c.Now,
                Why = Words.Clean($"it cannot begin from {copy.Words}: {fact.Words}. Put it back, then: orchestrator resume {c.State.Id.Value}; or cancel it, and begin from another"),
            });
        }
    }

    public static void Erased(DecisionContext c)
    {
        if (c.State is { Start: not null, Verdict.Phase: var end } && end.IsTerminal())
        {
            c.Emit(new CopyDropped { At = c.Now, Why = "what was copied to begin from is deleted" });
        }
    }

    private static void Tell(DecisionContext c, string why)
    {
        var words = Words.Clean(why);
        if (c.State.Phase != JobPhase.Waiting || c.State.PhaseReason != words)
        {
            c.Emit(new JobPhaseChanged(JobPhase.Waiting, null) { At = c.Now, Why = words });
        }
    }
}
