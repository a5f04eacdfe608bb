using System.Collections.Immutable;
using System.Text.Json;
using Orchestrator.Checkpoints;
using Orchestrator.Engine.Specs;
using Orchestrator.Json;
using Orchestrator.Reconciling;

namespace Orchestrator.Engine.Artifacts;

/// <summary>
/// Copies a checkpoint of one job into the folder of another that is to begin from it. From then on it is the new job's own: what
/// the other keeps or deletes touches it no more, and the new job's hosts read below their own job's prefix only.
/// </summary>
public sealed class CheckpointCopier(StoreSet stores)
{
    private const int Parallel = 4;
    private const int Ordinal = 1;

    /// <summary>The copy, all its bytes compared. Throws <see cref="StoreException"/>; then nothing of it is left, unless the store is away.</summary>
    /// <param name="job">The other job.</param>
    /// <param name="spec">Its stored spec.</param>
    /// <param name="from">Its checkpoint.</param>
    /// <param name="store">Where the new job keeps its checkpoints.</param>
    /// <param name="jobPrefix">The new job's prefix.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<CheckpointRef> CopyAsync(JobState job, StoredSpec spec, CheckpointRef from, StorePlace store, string jobPrefix, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(jobPrefix);
        var there = JobFolders.All(job);
        var both = Both(there, StorePlace.Parse(spec.Store ?? StoreSet.BuiltIn), store);
        var verifier = new ManifestVerifier(both);
        if (await verifier.VerifyAsync(from.ManifestKey, there, compare: false, cancellation) is { Checkpoint: null } damaged)
        {
            throw new StoreException(StoreErrorKind.NotFound, $"the checkpoint {from.Entry} of job {job.Name} cannot be copied: {damaged.Words}");
        }

        try
        {
            var manifest = await ReadAsync(both, from.ManifestKey, cancellation);
            var attemptPrefix = ObjectKeys.Attempt(jobPrefix, JobFolders.Copied);
            var key = ObjectKeys.Manifest(attemptPrefix, Ordinal);
            var files = await FilesAsync(both, manifest.Files, attemptPrefix, cancellation);
            await WriteAsync(both, key, manifest with { Job = jobPrefix.Split('/')[1], Attempt = JobFolders.Copied, Ordinal = Ordinal, Files = files }, cancellation);
            var copied = await verifier.VerifyAsync(key, [jobPrefix], compare: true, cancellation);
            return copied.Checkpoint is { } whole
                ? whole with { TrainedBefore = from.TrainedBefore }
                : throw new StoreException(StoreErrorKind.Invalid, $"the copy of {from.Entry} is not what it should be: {copied.Words}; try again");
        }
        catch
        {
            await TryEraseAsync(store, jobPrefix);
            throw;
        }
    }

    /// <summary>Takes the copy away again: the job it was for is not submitted. The manifest goes first.</summary>
    public async Task EraseAsync(StorePlace store, string jobPrefix, CancellationToken cancellation)
    {
        var copies = stores.At(store);
        var attemptPrefix = ObjectKeys.Attempt(jobPrefix, JobFolders.Copied);
        await copies.DeleteAsync(ObjectKeys.Manifest(attemptPrefix, Ordinal), cancellation);
        foreach (var one in await copies.ListAsync(attemptPrefix, cancellation).ToListAsync(cancellation))
        {
            await copies.DeleteAsync(one.Key, cancellation);
        }
    }

    /// <summary>What went wrong first is what is told; what a store that is away keeps lies below the number of a job that never was.</summary>
    private async Task TryEraseAsync(StorePlace store, string jobPrefix)
    {
        try
        {
            await EraseAsync(store, jobPrefix, CancellationToken.None);
        }
        catch (StoreException)
        {
            // The caller hears why the copy itself failed.
        }
    }

    /// <summary>Both jobs' objects under their own keys, so that a store that holds both copies by itself.</summary>
    private MountedStore Both(ImmutableArray<string> there, StorePlace from, StorePlace to)
    {
        var root = stores.MountAt("", from);
        return new([stores.MountAt("", to), .. there.Select(prefix => root with { Below = prefix, Prefix = root.Prefix + prefix })]);
    }

    private static async Task<CheckpointManifest> ReadAsync(IObjectStore store, string key, CancellationToken cancellation)
    {
        await using var content = await store.ReadAsync(key, 0, ManifestVerifier.MaxManifestBytes, cancellation);
        return await JsonSerializer.DeserializeAsync(content, CoreJson.Default.CheckpointManifest, cancellation) ?? throw new StoreException(StoreErrorKind.Invalid, "the manifest is empty");
    }

    private static async Task WriteAsync(IObjectStore store, string key, CheckpointManifest manifest, CancellationToken cancellation)
    {
        using var content = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(manifest, CoreJson.Default.CheckpointManifest));
        await store.WriteAsync(key, content, content.Length, onlyIfAbsent: true, cancellation);
    }

    private static async Task<ImmutableArray<ManifestFile>> FilesAsync(IObjectStore store, ImmutableArray<ManifestFile> files, string attemptPrefix, CancellationToken cancellation)
    {
        var copied = new ManifestFile[files.Length];
        await System.Threading.Tasks.Parallel.ForEachAsync(
            Enumerable.Range(0, files.Length),
            new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = cancellation },
            async (at, token) =>
            {
                var readable = ObjectKeys.CheckpointFiles(attemptPrefix, Ordinal) + files[at].Path;
                // A longer job name may make a key too long that was not.
                var key = StoreKeys.Problem(readable) is null ? readable : ObjectKeys.AheadFile(attemptPrefix, Ordinal, at + 1);
                await store.CopyAsync(files[at].Key, key, onlyIfAbsent: true, token);
                copied[at] = files[at] with { Key = key };
            });
        return [.. copied];
    }
}
