using System.Text.Json;
using Orchestrator.Checkpoints;
using Orchestrator.Json;

namespace Orchestrator.Engine.Artifacts;

/// <summary>Decides whether a checkpoint counts: its manifest keeps every rule and every object it names is there, whole and right.</summary>
public sealed class ManifestVerifier(IObjectStore store)
{
    /// <summary>Bytes of a manifest; some 300,000 files.</summary>
    public const long MaxManifestBytes = 64L << 20;

    /// <summary>
    /// Damaged is a finding: the store answered, and what it holds is wrong. Throws <see cref="StoreException"/> when the store
    /// could not be asked: nothing is known then.
    /// </summary>
    /// <param name="manifestKey">The manifest.</param>
    /// <param name="jobPrefixes">The job's prefixes, one for each epoch; its own and its files' keys must lie below one of them.</param>
    /// <param name="compare">Whether bytes are read where the store knows no hash of them; else only that all are there and of their size.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <param name="listed">What a list has just said is there; what it lacks or says otherwise is asked for, since lists lag.</param>
    public async Task<ManifestVerdict> VerifyAsync(
        string manifestKey, IReadOnlyCollection<string> jobPrefixes, bool compare, CancellationToken cancellation, IReadOnlyDictionary<string, StoredObject>? listed = null)
    {
        ArgumentNullException.ThrowIfNull(jobPrefixes);
        if (CheckpointKeys.Parse(manifestKey) is not { } place || !jobPrefixes.Contains(place.JobPrefix))
        {
            return ManifestVerdict.Damaged("the key is not that of a manifest of this job");
        }

        var (manifest, unreadable) = await ReadAsync(manifestKey, cancellation);
        if (manifest is null)
        {
            return ManifestVerdict.Damaged(unreadable);
        }

        if (ManifestRules.Problem(manifest, place, jobPrefixes) is { } problem)
        {
            return ManifestVerdict.Damaged(problem);
        }

        foreach (var file in manifest.Files)
        {
            if (await ProblemAsync(file, compare, listed, cancellation) is { } damage)
            {
                return ManifestVerdict.Damaged($"{StoreKeys.Shown(file.Path)}: {damage}");
            }
        }

        var checkpoint = new CheckpointRef
        {
            Attempt = manifest.Attempt,
            Ordinal = manifest.Ordinal,
            ManifestKey = manifestKey,
            Entry = manifest.Entry,
            Step = manifest.Step,
            Bytes = manifest.Files.Sum(file => file.Size),
        };
        return new(checkpoint, "");
    }

    private async Task<(CheckpointManifest? Manifest, string Words)> ReadAsync(string key, CancellationToken cancellation)
    {
        try
        {
            if (await store.HeadAsync(key, cancellation) is not { } found)
            {
                return (null, "the manifest is not in the store");
            }

            if (found.Size > MaxManifestBytes)
            {
                return (null, $"the manifest has {found.Size} bytes; at most {MaxManifestBytes} are read");
            }

            await using var content = await store.ReadAsync(key, 0, MaxManifestBytes, cancellation);
            return (await JsonSerializer.DeserializeAsync(content, CoreJson.Default.CheckpointManifest, cancellation), "the manifest is empty");
        }
        catch (StoreException gone) when (gone.Kind == StoreErrorKind.NotFound)
        {
            return (null, "the manifest is not in the store");
        }
        catch (JsonException broken)
        {
            return (null, $"the manifest is not valid JSON of version 1 (line {broken.LineNumber + 1})");
        }
    }

    private async Task<string?> ProblemAsync(ManifestFile file, bool compare, IReadOnlyDictionary<string, StoredObject>? listed, CancellationToken cancellation)
    {
        var found = listed?.GetValueOrDefault(file.Key) is { } one && one.Size == file.Size ? one : await store.HeadAsync(file.Key, cancellation);
        if (found is null)
        {
            return "its object is missing";
        }

        if (found.Size != file.Size)
        {
            return $"its object has {found.Size} bytes, the manifest says {file.Size}";
        }

        try
        {
            return (found.Hash ?? (compare ? await HashAsync(file, cancellation) : file.Hash)) == file.Hash ? null : "its object has other bytes than the manifest says";
        }
        catch (StoreException gone) when (gone.Kind == StoreErrorKind.NotFound)
        {
            return "its object is missing";
        }
    }

    private async Task<string> HashAsync(ManifestFile file, CancellationToken cancellation)
    {
        await using var content = await store.ReadAsync(file.Key, 0, null, cancellation);
        return (await ContentHash.OfAsync(content, cancellation)).Hash;
    }
}
