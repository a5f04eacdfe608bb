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

    /// <summary>
    /// The copy, all its bytes compared; goes on where an earlier call was cut off. Throws <see cref="CopyRefusedException"/>, and
    /// <see cref="StoreException"/> for what may be otherwise the next time.
    /// </summary>
    /// <param name="job">The other job.</param>
    /// <param name="spec">Its stored spec.</param>
    /// <param name="from">Its checkpoint.</param>
    /// <param name="store">Where the new job keeps its checkpoints.</param>
    /// <param name="folder">The new job's folder for it, see <see cref="JobFolders.OfCopy"/>.</param>
    /// <param name="standing">Is told how far it is.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<CheckpointRef> CopyAsync(JobState job, StoredSpec spec, CheckpointRef from, StorePlace store, string folder, CopyStanding standing, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(standing);
        var there = JobFolders.All(job);
        var both = Both(there, StorePlace.Parse(spec.Store ?? StoreSet.BuiltIn), store);
        var verifier = new ManifestVerifier(both);
        if (await verifier.VerifyAsync(from.ManifestKey, there, compare: false, cancellation) is { Checkpoint: null } damaged)
        {
            throw new CopyRefusedException($"the checkpoint {from.Entry} of job {job.Name} cannot be copied: {damaged.Words}");
        }

        var manifest = await ReadAsync(both, from.ManifestKey, cancellation);
        standing.Of = manifest.Files.Length;
        var key = ObjectKeys.Manifest(folder, Ordinal);
        var files = await FilesAsync(both, manifest.Files, folder, standing, cancellation);
        var jobPrefix = folder[..^ObjectKeys.Attempt("", JobFolders.Copied).Length];
        await WriteAsync(both, key, manifest with { Job = jobPrefix.Split('/')[1], Attempt = JobFolders.Copied, Ordinal = Ordinal, Files = files }, cancellation);
        var copied = await verifier.VerifyAsync(key, [jobPrefix], compare: true, cancellation);
        return copied.Checkpoint is { } whole
            ? whole with { TrainedBefore = from.TrainedBefore }
            : throw new CopyRefusedException($"the copy of {from.Entry} is not what its manifest says: {copied.Words}");
    }

    /// <summary>Takes the copy away again, whole or not. The manifest goes first.</summary>
    public async Task EraseAsync(StorePlace store, string folder, CancellationToken cancellation)
    {
        var copies = stores.At(store);
        await copies.DeleteAsync(ObjectKeys.Manifest(folder, Ordinal), cancellation);
        foreach (var one in await copies.ListAsync(folder, cancellation).ToListAsync(cancellation))
        {
            await copies.DeleteAsync(one.Key, cancellation);
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
        await UnlessThereAsync(() => store.WriteAsync(key, content, content.Length, onlyIfAbsent: true, cancellation));
    }

    private static async Task<ImmutableArray<ManifestFile>> FilesAsync(IObjectStore store, ImmutableArray<ManifestFile> files, string folder, CopyStanding standing, CancellationToken cancellation)
    {
        var copied = new ManifestFile[files.Length];
        await System.Threading.Tasks.Parallel.ForEachAsync(
            Enumerable.Range(0, files.Length),
            new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = cancellation },
            async (at, token) =>
            {
                var readable = ObjectKeys.CheckpointFiles(folder, Ordinal) + files[at].Path;
                // A longer job name may make a key too long that was not.
                var key = StoreKeys.Problem(readable) is null ? readable : ObjectKeys.AheadFile(folder, Ordinal, at + 1);
                if ((await store.HeadAsync(key, token))?.Size != files[at].Size)
                {
                    await UnlessThereAsync(() => store.CopyAsync(files[at].Key, key, onlyIfAbsent: true, token));
                }

                copied[at] = files[at] with { Key = key };
                standing.Add();
            });
        return [.. copied];
    }

    /// <summary>A server that was thought dead may have written it in between; all bytes are compared in the end.</summary>
    private static async Task UnlessThereAsync(Func<Task> write)
    {
        try
        {
            await write();
        }
        catch (StoreException there) when (there.Kind == StoreErrorKind.Exists)
        {
            // It is the same key of the same checkpoint.
        }
    }
}
