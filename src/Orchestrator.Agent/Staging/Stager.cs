using Orchestrator.Agent.Checkpoints;
using Orchestrator.Agent.Transfers;
using Orchestrator.Protocol;

namespace Orchestrator.Agent.Staging;

/// <summary>Brings code, data and the checkpoint to restore. Safe to do again: what lies there already is kept.</summary>
internal sealed class Stager(AgentFolder folder, StateFile state, StoreClient store, StoredCheckpoints stored)
{
    private readonly SpecPaths _paths = new(folder);
    private readonly Downloader _downloader = new(folder, store);

    /// <summary>For the heartbeat; null = idle.</summary>
    public string? Activity => _downloader.Activity;

    public async Task<AgentEvent> StageAsync(TrainerOrder order, string? manifestKey, CancellationToken cancellation)
    {
        string? current = null;
        var before = store.Fetched;
        try
        {
            // The checkpoint first: whether it is whole must not come out after hours of data.
            current = manifestKey;
            var moved = await RestoreAsync(order, manifestKey, cancellation);
            current = null;

            // Nothing else into its folder: what an old run left in the code's would be taken for the newest one.
            var checkpoints = order.Checkpoints is { } kept ? _paths.Place(kept.Path) : null;
            foreach (var source in order.Sources)
            {
                moved += await _downloader.FetchAllAsync(
                    [.. source.Files.Select(file => (file.Key, Path: Target(source, file), file.Size, file.Hash, file.Mode)).Where(file => !IsIn(checkpoints, file.Path))],
                    _paths.Place(source.To),
                    cancellation);
            }

            return new FilesStaged(manifestKey, moved) { Seq = 0, At = default, Line = store.Fetched.Since(before) };
        }
        catch (Exception e) when (e is StoreException or RefusedPathException or StageFailedException or IOException or UnauthorizedAccessException)
        {
            var kind = e switch
            {
                StageFailedException failed => failed.Kind,
                IOException full when DiskFull.IsSaidBy(full) => StageRefusal.DiskFull,
                IOException or UnauthorizedAccessException => StageRefusal.Host,
                // Only what was read and is wrong: a refusal says nothing of the bytes.
                StoreException { Fault: StoreFault.Damaged or StoreFault.Missing } when current is not null => StageRefusal.CheckpointDamaged,
                _ => StageRefusal.Source,
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

    private async Task<long> RestoreAsync(TrainerOrder order, string? manifestKey, CancellationToken cancellation)
    {
        if (order.Checkpoints is not { } checkpoints)
        {
            return manifestKey is null ? 0 : throw new StageFailedException(StageRefusal.Source, "a checkpoint is to be restored, but the job has no checkpoint folder");
        }

        var restorer = new Restorer(folder, state, store, _downloader, stored);
        restorer.Clear(checkpoints.Path, manifestKey);
        return manifestKey is null ? 0 : await restorer.RestoreAsync(checkpoints.Path, manifestKey, cancellation);
    }
}
