using System.Collections.Immutable;
using Orchestrator.Engine.Artifacts;
using Orchestrator.Engine.Store;
using Orchestrator.Engine.Ticks;
using Orchestrator.Jobs;
using Orchestrator.Reconciling;

namespace Orchestrator.Engine.Acting;

/// <summary>The effects on checkpoints in the store: begun here, done beside the ticks; each result becomes a fact in the inbox.</summary>
public sealed class CheckpointEffects(JobStores stores, JobStore jobs, TickQueue queue, StoreWork works)
{
    public void Verify(JobId job, JobState state, string specJson, VerifyCheckpoint wanted) =>
        works.Begin($"job {job}: verify {wanted.Checkpoint.ManifestKey}", isUrgent: false, stop => VerifyAsync(job, state, specJson, wanted, stop));

    public void Scan(JobId job, JobState state, string specJson, ScanManifests wanted) =>
        works.Begin($"job {job}: look for what attempts before {wanted.Attempt} stored", isUrgent: true, stop => ScanAsync(job, state, specJson, wanted, stop));

    public void Erase(JobId job, JobState state, string specJson, DeleteCheckpoint wanted) =>
        works.Begin($"job {job}: erase {wanted.Checkpoint.ManifestKey}", isUrgent: false, stop => EraseAsync(job, state, specJson, wanted, stop));

    private async Task VerifyAsync(JobId job, JobState state, string specJson, VerifyCheckpoint wanted, CancellationToken cancellation)
    {
        var verdict = await new ManifestVerifier(stores.Of(state, specJson)).VerifyAsync(wanted.Checkpoint.ManifestKey, JobFolders.All(state), compare: true, cancellation);
        FailPoints.Hit("checkpoint-verified");
        await NoteAsync(job, verdict.Checkpoint is { } good
            ? new CheckpointVerified(wanted.Checkpoint with { Bytes = good.Bytes })
            : new CheckpointFoundDamaged(wanted.Checkpoint.ManifestKey, verdict.Words));
    }

    private async Task ScanAsync(JobId job, JobState state, string specJson, ScanManifests wanted, CancellationToken cancellation)
    {
        HashSet<string> known = new(StringComparer.Ordinal);
        known.UnionWith(state.Rejected);
        known.UnionWith(state.Retired.Select(retired => retired.Checkpoint.ManifestKey));
        var store = stores.Of(state, specJson);
        var booked = state.Checkpoints.Select(one => one.ManifestKey).Except(RestoreDoubts.Of(state)).ToHashSet(StringComparer.Ordinal);
        var found = await new ManifestScanner(store, new(store)).ScanAsync(JobFolders.All(state), known, booked, cancellation);
        FailPoints.Hit("manifests-scanned");
        await NoteAsync(job, new ManifestsScanned(wanted.Attempt, found.Verified, found.Damaged) { Missing = await MissingAsync(store, state, found, cancellation) });
    }

    /// <summary>Asked for one by one: a list may lag behind.</summary>
    private static async Task<ImmutableArray<string>> MissingAsync(IObjectStore store, JobState state, ManifestScan found, CancellationToken cancellation)
    {
        var there = found.Verified.Select(one => one.ManifestKey).Concat(found.Damaged).ToHashSet(StringComparer.Ordinal);
        var missing = ImmutableArray.CreateBuilder<string>();
        foreach (var key in state.Checkpoints.Select(one => one.ManifestKey).Where(key => !there.Contains(key)))
        {
            if (await store.HeadAsync(key, cancellation) is null)
            {
                missing.Add(key);
            }
        }

        return missing.ToImmutable();
    }

    private async Task EraseAsync(JobId job, JobState state, string specJson, DeleteCheckpoint wanted, CancellationToken cancellation)
    {
        await new CheckpointEraser(stores.Of(state, specJson)).EraseAsync(wanted.Checkpoint, wanted.Kept, JobFolders.All(state), cancellation);
        FailPoints.Hit("checkpoint-erased");
        await NoteAsync(job, new CheckpointErased(wanted.Checkpoint.ManifestKey));
    }

    private async Task NoteAsync(JobId job, InboxItem fact)
    {
        await jobs.AddInboxAsync(job, fact, CancellationToken.None);
        queue.Now(job);
    }
}
