using Orchestrator.Attempts;
using Orchestrator.Checkpoints;
using Orchestrator.Protocol;
using Orchestrator.Reconciling.Applying;

namespace Orchestrator.Reconciling.Phases;

/// <summary>What becomes of a checkpoint: reported, verified or damaged, erased.</summary>
internal static class CheckpointFacts
{
    /// <summary>A petabyte: beyond it nothing is believed.</summary>
    private const long MostSent = 1_000_000_000_000_000;

    /// <summary>A claim of a host: believed only in form, and only for its own next key.</summary>
    public static void Stored(DecisionContext c, Attempt attempt, CheckpointStored claim)
    {
        var key = KeyOf(c.State, attempt.Number, claim.Ordinal);
        var wrong = !c.State.Terms.HasCheckpoints ? "the job has none"
            : claim.Ordinal <= attempt.LastOrdinal ? $"number {claim.Ordinal} does not follow {attempt.LastOrdinal}"
            : claim.ManifestKey != key ? "its manifest is not where it belongs"
            : EntryPaths.Problem(claim.Entry) is { } problem ? problem
            : claim.Bytes < 0 || claim.Step < 0 ? "its size or step is negative"
            : null;
        if (wrong is not null)
        {
            c.Note(attempt.Number, $"the agent reported a checkpoint that cannot be: {wrong}");
            return;
        }

        var checkpoint = new CheckpointRef
        {
            Attempt = attempt.Number,
            Ordinal = claim.Ordinal,
            ManifestKey = key,
            Entry = claim.Entry,
            Step = claim.Step,
            Bytes = claim.Bytes,
            SentBytes = Sent(attempt.Offer, claim),
            Upload = claim.UploadTime > TimeSpan.Zero ? claim.UploadTime : null,
            ReportedAt = c.Now,
        };
        c.Emit(new CheckpointReported(checkpoint) { At = c.Now, Why = $"{claim.Entry} is stored; to be verified" });
    }

    /// <summary>Its files once, and never more than fits the disk: a host that claims more would spend the budget by its word.</summary>
    private static long Sent(OfferTaken offer, CheckpointStored claim)
    {
        var sent = Math.Max(0, claim.Line?.Bytes ?? claim.Bytes);
        return offer.DiskBytes > 0 ? Math.Min(sent, offer.DiskBytes) : Math.Min(sent, MostSent);
    }

    public static void Verified(DecisionContext c, CheckpointVerified fact)
    {
        if (c.State.Unverified.FirstOrDefault(u => u.ManifestKey == fact.Checkpoint.ManifestKey) is { } reported && IsNew(c.State, fact.Checkpoint))
        {
            Commit(c, fact.Checkpoint with { ReportedAt = reported.ReportedAt, SentBytes = reported.SentBytes, Upload = reported.Upload }, adopted: false, "verified");
        }
    }

    public static void Damaged(DecisionContext c, CheckpointFoundDamaged fact) => Reject(c, fact.ManifestKey, fact.Words);

    public static void Erased(DecisionContext c, CheckpointErased fact)
    {
        if (c.State.Retired.Any(r => r.Checkpoint.ManifestKey == fact.ManifestKey))
        {
            c.Emit(new CheckpointDeleted(fact.ManifestKey) { At = c.Now, Why = "deleted from the store" });
        }
    }

    public static void Reject(DecisionContext c, string manifestKey, string why)
    {
        if (c.State.Checkpoints.Any(x => x.ManifestKey == manifestKey) || c.State.Unverified.Any(x => x.ManifestKey == manifestKey))
        {
            c.Emit(new CheckpointRejected(manifestKey) { At = c.Now, Why = Words.Clean("damaged, not used: " + why) });
        }
    }

    /// <summary>Not yet among the verified, the retired and the rejected, and where a checkpoint of this job belongs.</summary>
    public static bool IsNew(JobState state, CheckpointRef found) =>
        found.Attempt >= 1 && found.Attempt <= state.Attempts.Length
        && found.ManifestKey == KeyOf(state, found.Attempt, found.Ordinal)
        && !state.Checkpoints.Any(x => x.ManifestKey == found.ManifestKey)
        && !state.Retired.Any(x => x.Checkpoint.ManifestKey == found.ManifestKey)
        && !state.Rejected.Contains(found.ManifestKey);

    public static void Commit(DecisionContext c, CheckpointRef checkpoint, bool adopted, string why)
    {
        // A later attempt has chosen without it: from then on that attempt's line of work counts, or the step could go back.
        var late = c.State.Attempts.Skip(checkpoint.Attempt).Any(a => a.RestoreDecided);
        var words = late ? why + "; too late to be restored by itself, attempt " + c.State.Attempts.Last(a => a.RestoreDecided).Number + " has already chosen" : why;
        c.Emit(new CheckpointCommitted(checkpoint with { Late = late }, adopted) { At = c.Now, Why = $"{checkpoint.Entry}: {words}" });
    }

    public static string KeyOf(JobState state, int attempt, int ordinal) =>
        ObjectKeys.Manifest(JobFolders.OfAttempt(state, attempt), ordinal);
}
