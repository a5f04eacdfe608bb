using System.Collections.Immutable;
using Orchestrator.Checkpoints;

namespace Orchestrator.Engine.Artifacts;

/// <summary>
/// Deletes a retired checkpoint. The manifest goes first, so that none ever names files that are gone; a copy under another
/// name stays until the end, so that a server that dies half way leaves no files that nobody remembers. Safe to repeat.
/// </summary>
public sealed class CheckpointEraser(IObjectStore store)
{
    /// <param name="checkpoint">Nobody restores from it or builds on it any more.</param>
    /// <param name="keptManifestKeys">Manifests whose files stay; those found in the store beside them protect theirs too.</param>
    /// <param name="jobPrefixes">The job's prefixes, one for each epoch: only below them is anything deleted.</param>
    /// <param name="cancellation">Ends it; repeat later.</param>
    public async Task EraseAsync(
        CheckpointRef checkpoint, ImmutableArray<string> keptManifestKeys, IReadOnlyCollection<string> jobPrefixes, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        ArgumentNullException.ThrowIfNull(jobPrefixes);
        var manifest = checkpoint.ManifestKey;
        if (CheckpointKeys.Parse(manifest) is not { } place || !jobPrefixes.Contains(place.JobPrefix))
        {
            throw new StoreException(StoreErrorKind.Invalid, $"{StoreKeys.Shown(manifest)} is not the key of a manifest of this job; nothing was deleted");
        }

        if (!keptManifestKeys.IsDefault && keptManifestKeys.Contains(manifest))
        {
            throw new ArgumentException($"{StoreKeys.Shown(manifest)} is both to be erased and to be kept", nameof(keptManifestKeys));
        }

        var erasing = manifest + CheckpointKeys.ErasingSuffix;
        await RememberAsync(manifest, erasing, cancellation);
        var candidates = await CandidatesAsync(manifest, erasing, place, jobPrefixes, cancellation);
        await store.DeleteAsync(manifest, cancellation);
        var kept = await KeptAsync(manifest, keptManifestKeys, jobPrefixes, cancellation);
        foreach (var key in candidates.Where(key => !kept.Contains(key)))
        {
            await store.DeleteAsync(key, cancellation);
        }

        await store.DeleteAsync(erasing, cancellation);
    }

    private async Task RememberAsync(string manifest, string erasing, CancellationToken cancellation)
    {
        try
        {
            await store.CopyAsync(manifest, erasing, onlyIfAbsent: false, cancellation);
        }
        catch (StoreException gone) when (gone.Kind == StoreErrorKind.NotFound)
        {
            // Erased already, but for its files perhaps.
        }
        catch (StoreException full) when (full.Kind == StoreErrorKind.Full)
        {
            // A store that is full gets room by this alone. Without the copy a crash half way leaves files that only another checkpoint's
            // folder knows; those of its own are found in its folder the next time.
        }
    }

    // Its own folder as well as what it names: a manifest that cannot be read still has its files there.
    private async Task<HashSet<string>> CandidatesAsync(
        string manifest, string erasing, CheckpointKeys.Place place, IReadOnlyCollection<string> jobPrefixes, CancellationToken cancellation)
    {
        HashSet<string> candidates = new(StringComparer.Ordinal);
        candidates.UnionWith(await ManifestReferences.ReadAsync(store, manifest, cancellation));
        candidates.UnionWith(await ManifestReferences.ReadAsync(store, erasing, cancellation));
        candidates.UnionWith(await store.ListAsync(ObjectKeys.CheckpointFiles(ObjectKeys.Attempt(place.JobPrefix, place.Attempt), place.Ordinal), cancellation)
            .Select(found => found.Key).ToListAsync(cancellation));
        // Hosts write manifests: one that names outputs or another job's files must not get them deleted.
        candidates.RemoveWhere(key => !CheckpointKeys.IsFile(jobPrefixes, key));
        return candidates;
    }

    private async Task<HashSet<string>> KeptAsync(string erased, ImmutableArray<string> known, IReadOnlyCollection<string> jobPrefixes, CancellationToken cancellation)
    {
        HashSet<string> manifests = new(known.IsDefault ? [] : known, StringComparer.Ordinal);
        await foreach (var key in ManifestScanner.KeysAsync(store, jobPrefixes, cancellation))
        {
            manifests.Add(key);
        }

        HashSet<string> kept = new(StringComparer.Ordinal);
        foreach (var key in manifests.Where(key => key != erased))
        {
            kept.UnionWith(await ManifestReferences.ReadAsync(store, key, cancellation));
        }

        return kept;
    }
}
