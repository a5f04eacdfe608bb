using System.Text.Json;
using Orchestrator.Agent.Checkpoints;
using Orchestrator.Agent.Native;
using Orchestrator.Agent.Transfers;
using Orchestrator.Checkpoints;

namespace Orchestrator.Agent.Staging;

/// <summary>
/// Brings the checkpoint to train from, whole or not at all: it is fetched below a name that neither a trainer nor our own look at the
/// folder takes for a checkpoint's, and gets its own once every file has been compared.
/// </summary>
internal sealed class Restorer(AgentFolder folder, StateFile state, StoreClient store, Downloader downloader, StoredCheckpoints stored)
{
    private const int LargestManifest = 64 << 20;
    private const string Provisional = ".orchestrator-restoring";

    private readonly SpecPaths _paths = new(folder);

    /// <summary>Takes away what an earlier try has left: a half, if the agent died over it, or a whole one that is not wanted any more.</summary>
    /// <param name="checkpoints">The spec's path of the checkpoint folder.</param>
    /// <param name="wanted">The manifest of the one to train from; null = none.</param>
    public void Clear(string checkpoints, string? wanted)
    {
        var before = state.Current;
        if (before.Restoring is { } half)
        {
            Remove(half);
        }

        if (before.RestoredEntry is { } entry && before.RestoredManifestKey != wanted)
        {
            Remove(SpecPaths.Below(_paths.Place(checkpoints), entry));
            state.Change(s => s with { RestoredEntry = null, RestoredManifestKey = null });
        }
    }

    /// <returns>Bytes moved.</returns>
    /// <exception cref="StoreException">Missing, Damaged or Refused.</exception>
    /// <exception cref="RefusedPathException">A link lies on the way to it.</exception>
    public async Task<long> RestoreAsync(string checkpoints, string manifestKey, CancellationToken cancellation)
    {
        var manifest = await ManifestAsync(manifestKey, cancellation);
        var into = _paths.Place(checkpoints);
        if (state.Current.RestoredManifestKey == manifestKey
            && EntryScanner.FingerprintOf(into, manifest.Entry) is { } there && stored.IsSeen(manifest.Entry, there))
        {
            return 0;
        }

        // Beside the entry, so that one rename makes all of it appear whatever is mounted further up.
        var place = SpecPaths.Below(into, manifest.Entry);
        SpecPaths.CreateParents(into, place);
        var beside = Path.Combine(Path.GetDirectoryName(place)!, Provisional);
        var whole = Path.Combine(beside, Path.GetFileName(place));
        state.Change(s => s with { Restoring = beside });
        try
        {
            // What the image or the code brought under this name goes first: there may be no room for both.
            Remove(beside);
            Remove(place);
            var moved = await downloader.FetchAllAsync(
                [.. manifest.Files.Select(file => (file.Key, whole + file.Path[manifest.Entry.Length..], file.Size, file.Hash, file.Mode))], beside, cancellation);
            Directory.Move(whole, place);
            stored.Restored(manifestKey, manifest, into);
            state.Change(s => s with { RestoredEntry = manifest.Entry, RestoredManifestKey = manifestKey });
            return moved;
        }
        finally
        {
            RemoveIfPossible(beside);
        }
    }

    private async Task<CheckpointManifest> ManifestAsync(string key, CancellationToken cancellation)
    {
        using var bytes = new MemoryStream();
        await store.GetAsync(
            key,
            () => bytes.Length,
            piece =>
            {
                bytes.Write(piece.Span);
                return bytes.Length <= LargestManifest ? Task.CompletedTask : throw new StoreException(StoreFault.Damaged, $"{key} is too long");
            },
            cancellation);
        try
        {
            return ManifestReader.Read(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
        }
        catch (Exception e) when (e is JsonException or RefusedPathException)
        {
            throw new StoreException(StoreFault.Damaged, $"{key} is no manifest: {e.Message}");
        }
    }

    private static void Remove(string path)
    {
        // A link is taken away itself, with nothing of what it leads to.
        switch (FileStat.Of(path, follow: false))
        {
            case null:
                break;
            case { IsFolder: true }:
                Directory.Delete(path, recursive: true);
                break;
            default:
                File.Delete(path);
                break;
        }
    }

    /// <summary>What went wrong before says more; the next try takes it away.</summary>
    private static void RemoveIfPossible(string path)
    {
        try
        {
            Remove(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Diagnostics.Write($"{path} cannot be removed: {e.Message}");
        }
    }
}
