using System.Text.Json;
using Orchestrator.Agent.Checkpoints;
using Orchestrator.Agent.Transfers;
using Orchestrator.Checkpoints;
using Orchestrator.Protocol;

namespace Orchestrator.Agent.Staging;

/// <summary>Brings code, data and the checkpoint to restore. Safe to do again: what lies there already is kept.</summary>
internal sealed class Stager(AgentFolder folder, StateFile state, StoreClient store, StoredCheckpoints stored)
{
    private const int Parallel = 4;
    private const int LargestManifest = 64 << 20;

    private readonly SpecPaths _paths = new(folder);
    private readonly Downloader _downloader = new(store);
    private int _files;
    private int _done;

    /// <summary>For the heartbeat; null = idle.</summary>
    public string? Activity => _files > _done ? $"staging: {_done} of {_files} files" : null;

    public async Task<AgentEvent> StageAsync(TrainerOrder order, string? manifestKey, CancellationToken cancellation)
    {
        string? current = null;
        var before = store.Fetched;
        try
        {
            // The checkpoint last, and nothing else into its folder: what an old run left in the code's would be taken for the newest one.
            var moved = 0L;
            var checkpoints = order.Checkpoints is { } kept ? _paths.Place(kept.Path) : null;
            foreach (var source in order.Sources)
            {
                moved += await FetchAllAsync(
                    [.. source.Files.Select(file => (file.Key, Path: Target(source, file), file.Size, file.Hash, file.Mode)).Where(file => !IsIn(checkpoints, file.Path))],
                    _paths.Place(source.To),
                    cancellation);
            }

            current = manifestKey;
            moved += manifestKey is null ? 0 : await RestoreAsync(order, manifestKey, cancellation);
            return new FilesStaged(manifestKey, moved) { Seq = 0, At = default, Line = store.Fetched.Since(before) };
        }
        catch (Exception e) when (e is StoreException or RefusedPathException or StageFailedException or JsonException or IOException or UnauthorizedAccessException)
        {
            var kind = e switch
            {
                StageFailedException failed => failed.Kind,
                IOException full when DiskFull.IsSaidBy(full) => StageRefusal.DiskFull,
                IOException or UnauthorizedAccessException => StageRefusal.Host,
                _ => current is null ? StageRefusal.Source : StageRefusal.CheckpointDamaged,
            };
            var words = kind == StageRefusal.DiskFull ? $"{e.Message}; the disk is too small for what is staged, raise resources.disk" : e.Message;
            return new StageRefused(kind, kind == StageRefusal.CheckpointDamaged ? manifestKey : null, words) { Seq = 0, At = default };
        }
    }

    private static bool IsIn(string? folder, string path) => folder is not null && (path == folder || path.StartsWith(folder + "/", StringComparison.Ordinal));

    private string Target(StageSource source, StageFile file)
    {
        var to = _paths.Place(source.To);
        return file.Path.Length == 0 ? to : SpecPaths.Below(to, file.Path);
    }

    private async Task<long> RestoreAsync(TrainerOrder order, string manifestKey, CancellationToken cancellation)
    {
        if (order.Checkpoints is not { } checkpoints)
        {
            throw new StageFailedException(StageRefusal.Source, "a checkpoint is to be restored, but the job has no checkpoint folder");
        }

        using var bytes = new MemoryStream();
        await store.GetAsync(
            manifestKey,
            () => bytes.Length,
            piece =>
            {
                bytes.Write(piece.Span);
                return bytes.Length <= LargestManifest ? Task.CompletedTask : throw new StoreException(StoreFault.Damaged, $"{manifestKey} is too long");
            },
            cancellation);
        var manifest = ManifestReader.Read(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
        var into = _paths.Place(checkpoints.Path);
        var moved = await FetchAllAsync(
            [.. manifest.Files.Select(file => (file.Key, SpecPaths.Below(into, file.Path), file.Size, file.Hash, file.Mode))], into, cancellation);
        stored.Restored(manifestKey, manifest, into);
        state.Change(s => s with { RestoredEntry = manifest.Entry, RestoredManifestKey = manifestKey });
        return moved;
    }

    private async Task<long> FetchAllAsync(
        List<(string Key, string Path, long Size, string Hash, int Mode)> files, string parent, CancellationToken cancellation)
    {
        var moved = 0L;
        _files = files.Count;
        _done = 0;
        var options = new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = cancellation };
        await System.Threading.Tasks.Parallel.ForEachAsync(files, options, async (file, token) =>
        {
            SpecPaths.CreateParents(file.Path == parent ? folder.Files : parent, file.Path);
            Interlocked.Add(ref moved, await _downloader.FetchAsync(file.Key, file.Path, file.Size, file.Hash, file.Mode, token));
            Interlocked.Increment(ref _done);
        });
        _files = 0;
        return moved;
    }
}
