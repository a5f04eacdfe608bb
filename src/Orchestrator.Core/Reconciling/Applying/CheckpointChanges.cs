using System.Collections.Immutable;
using Orchestrator.Attempts;
using Orchestrator.Checkpoints;

namespace Orchestrator.Reconciling.Applying;

internal static class CheckpointChanges
{
    public static JobState Reported(JobState state, CheckpointReported e) =>
        WithSent(WithOrdinal(state, e.Checkpoint), e) with { Unverified = Insert(state.Unverified, e.Checkpoint) };

    public static JobState Committed(JobState state, CheckpointCommitted e) => WithOrdinal(state, e.Checkpoint) with
    {
        Checkpoints = Insert(state.Checkpoints, e.Checkpoint),
        Unverified = Without(state.Unverified, e.Checkpoint.ManifestKey),
        Start = e.Checkpoint.Attempt == JobFolders.Copied ? null : state.Start,
    };

    public static JobState Rejected(JobState state, CheckpointRejected e) => state with
    {
        Checkpoints = Without(state.Checkpoints, e.ManifestKey),
        Unverified = Without(state.Unverified, e.ManifestKey),
        Rejected = AddKey(state.Rejected, e.ManifestKey),
    };

    public static JobState Retired(JobState state, CheckpointRetired e) => state with
    {
        Checkpoints = Without(state.Checkpoints, e.Checkpoint.ManifestKey),
        Retired = state.Retired.Add(new RetiredCheckpoint { Checkpoint = e.Checkpoint, AwaitsAttempt = e.AwaitsAttempt }),
    };

    public static JobState Acknowledged(JobState state, RetirementAcknowledged e) => state with
    {
        Retired = [.. state.Retired.Select(r => r.Checkpoint.ManifestKey == e.ManifestKey ? r with { AwaitsAttempt = null } : r)],
    };

    public static JobState Deleted(JobState state, CheckpointDeleted e) => state with
    {
        Retired = state.Retired.RemoveAll(r => r.Checkpoint.ManifestKey == e.ManifestKey),
        Rejected = AddKey(state.Rejected, e.ManifestKey),
    };

    /// <summary>Ordinals are remembered past deletion, so that a host cannot report one twice.</summary>
    private static JobState WithOrdinal(JobState state, CheckpointRef checkpoint) =>
        checkpoint.Attempt > 0 && state.Attempt(checkpoint.Attempt) is { } a && a.LastOrdinal < checkpoint.Ordinal
            ? state with { Attempts = state.Attempts.SetItem(a.Number - 1, a with { LastOrdinal = checkpoint.Ordinal }) }
            : state;

    private static JobState WithSent(JobState state, CheckpointReported e) => state.With(e.Checkpoint.Attempt, a => a with
    {
        SentBytes = a.SentBytes + (e.Checkpoint.SentBytes ?? e.Checkpoint.Bytes),
        NewestSentBytes = e.Checkpoint.SentBytes ?? e.Checkpoint.Bytes,
        SentAt = e.At,
    });

    private static ImmutableArray<CheckpointRef> Insert(ImmutableArray<CheckpointRef> list, CheckpointRef checkpoint)
    {
        var at = list.Length;
        while (at > 0 && CheckpointAge.Instance.Compare(list[at - 1], checkpoint) >= 0)
        {
            at--;
        }

        return at < list.Length && list[at].ManifestKey == checkpoint.ManifestKey ? list.SetItem(at, checkpoint) : list.Insert(at, checkpoint);
    }

    private static ImmutableArray<CheckpointRef> Without(ImmutableArray<CheckpointRef> list, string manifestKey) =>
        list.RemoveAll(c => c.ManifestKey == manifestKey);

    private static ImmutableArray<string> AddKey(ImmutableArray<string> keys, string key) => keys.Contains(key) ? keys : keys.Add(key);
}
