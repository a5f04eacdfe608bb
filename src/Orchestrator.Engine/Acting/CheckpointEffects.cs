using System.Collections.Immutable;
using Orchestrator.Engine.Artifacts;
using Orchestrator.Engine.Store;
using Orchestrator.Engine.Ticks;
using Orchestrator.Jobs;
using Orchestrator.Reconciling;

namespace Orchestrator.Engine.Acting;

/// <summary>The effects on checkpoints in the store: begun here, done beside the ticks; each result becomes a fact in the inbox.</summary>
public sealed class CheckpointEffects(JobStores stores, JobStore jobs, StartStore starts, TickQueue queue, StoreWork works, StoreClaims claims, TimeProvider time)
{
    private static readonly TimeSpan _joinEvery = TimeSpan.FromSeconds(1);

    /// <returns>See <see cref="StoreWork.Begin"/>; so for the others.</returns>
    public Task? Verify(JobId job, JobState state, string specJson, VerifyCheckpoint wanted) =>
        works.Begin($"job {job}: verify {wanted.Checkpoint.ManifestKey}", isUrgent: false, stop => VerifyAsync(job, state, specJson, wanted, stop));

    public Task? Scan(JobId job, JobState state, string specJson, ScanManifests wanted) =>
        works.Begin($"job {job}: look for what attempts before {wanted.Attempt} stored", isUrgent: true, stop => ScanAsync(job, state, specJson, wanted, stop));

    public Task? Erase(JobId job, JobState state, string specJson, DeleteCheckpoint wanted) =>
        works.Begin($"job {job}: erase {wanted.Checkpoint.ManifestKey}", isUrgent: false, stop => EraseAsync(job, state, specJson, wanted, stop));

    private async Task VerifyAsync(JobId job, JobState state, string specJson, VerifyCheckpoint wanted, CancellationToken cancellation)
    {
        await using var claim = await claims.TryTakeAsync(job, Verification(wanted.Checkpoint.ManifestKey), cancellation);
        if (claim is null)
        {
            // Another server's, or a scan's: should it come to nothing, the next tick owes this still.
            return;
        }

        var verdict = await CompareAsync(claim, stores.Of(state, specJson), state, wanted.Checkpoint.ManifestKey, cancellation);
        FailPoints.Hit("checkpoint-verified");
        await NoteAsync(job, verdict.Checkpoint is { } good
            ? new CheckpointVerified(wanted.Checkpoint with { Bytes = good.Bytes })
            : new CheckpointFoundDamaged(wanted.Checkpoint.ManifestKey, verdict.Words));
    }

    /// <summary>As <see cref="VerifyAsync"/>, for a scan: where the bytes are being compared already it waits for that.</summary>
    private async Task<ManifestVerdict> JoinAsync(JobId job, string piece, IObjectStore store, JobState state, string manifestKey, CancellationToken cancellation)
    {
        while (true)
        {
            await using var claim = await claims.TryTakeAsync(job, piece, cancellation);
            if (claim is not null)
            {
                return await CompareAsync(claim, store, state, manifestKey, cancellation);
            }

            await Task.Delay(_joinEvery, time, cancellation);
        }
    }

    private static async Task<ManifestVerdict> CompareAsync(StoreClaim claim, IObjectStore store, JobState state, string manifestKey, CancellationToken cancellation)
    {
        var verdict = await new ManifestVerifier(store).VerifyAsync(manifestKey, JobFolders.All(state), compare: !claim.IsCompared, cancellation);
        claim.IsCompared = verdict.Checkpoint is not null;
        return verdict;
    }

    private static string Verification(string manifestKey) => "verify " + manifestKey;

    private async Task ScanAsync(JobId job, JobState state, string specJson, ScanManifests wanted, CancellationToken cancellation)
    {
        await using var claim = await claims.TryTakeAsync(job, $"scan {wanted.Attempt}", cancellation);
        if (claim is null)
        {
            return;
        }

        HashSet<string> known = new(StringComparer.Ordinal);
        known.UnionWith(state.Rejected);
        known.UnionWith(state.Retired.Select(retired => retired.Checkpoint.ManifestKey));
        var store = stores.Of(state, specJson);
        var doubted = RestoreDoubts.Of(state);
        var booked = state.Checkpoints.Select(one => one.ManifestKey).Except(doubted).ToHashSet(StringComparer.Ordinal);
        var found = await new ManifestScanner(store, new(store)).ScanAsync(JobFolders.All(state), known, booked, cancellation, CompareAsync);
        FailPoints.Hit("manifests-scanned");
        await NoteAsync(job, new ManifestsScanned(wanted.Attempt, found.Verified, found.Damaged) { Missing = await MissingAsync(store, state, found, cancellation) });

        // What was compared before a host called it damaged says nothing: those bytes are read again, for this scan.
        Task<ManifestVerdict> CompareAsync(string key, CancellationToken stop) =>
            JoinAsync(job, doubted.Contains(key) ? $"compare {wanted.Attempt} {key}" : Verification(key), store, state, key, stop);
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
        await using var claim = await claims.TryTakeAsync(job, "erase " + wanted.Checkpoint.ManifestKey, cancellation);
        if (claim is null || await starts.IsHeldAsync(job, wanted.Checkpoint.ManifestKey, cancellation))
        {
            // Another job's start is copied from it: it stays owed until that is done.
            return;
        }

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
