using Orchestrator.Checkpoints;

namespace Orchestrator.Engine.Artifacts;

/// <summary>What a manifest must say, before any of its objects is looked at. Hosts write manifests, so nothing is believed.</summary>
internal static class ManifestRules
{
    private const int ModeBits = 0b111_111_111_111;
    private const string Unreadable = "the manifest lacks a field";

    /// <summary>Null when it keeps every rule.</summary>
    internal static string? Problem(CheckpointManifest manifest, CheckpointKeys.Place place, IReadOnlyCollection<string> jobPrefixes)
    {
        if (manifest.Version != 1)
        {
            return $"the manifest has version {manifest.Version}; this server reads 1";
        }

        if (manifest.Attempt != place.Attempt || manifest.Ordinal != place.Ordinal)
        {
            return "the manifest names another attempt or ordinal than its key";
        }

        if (EntryPaths.Problem(manifest.Entry) is { } problem)
        {
            return "the entry's name: " + problem;
        }

        if (manifest.Step < 0)
        {
            return "the step is negative";
        }

        return manifest.Files.IsDefaultOrEmpty ? "the manifest lists no files" : FilesProblem(manifest, jobPrefixes);
    }

    private static string? FilesProblem(CheckpointManifest manifest, IReadOnlyCollection<string> jobPrefixes)
    {
        HashSet<string> files = new(StringComparer.Ordinal);
        HashSet<string> folders = new(StringComparer.Ordinal);
        long bytes = 0;
        foreach (var file in manifest.Files)
        {
            if (Problem(file, manifest.Entry, jobPrefixes) is { } problem)
            {
                return problem;
            }

            if (!files.Add(file.Path))
            {
                return $"{StoreKeys.Shown(file.Path)} is listed twice";
            }

            if (file.Size > long.MaxValue - bytes)
            {
                return "the sizes are beyond measure";
            }

            bytes += file.Size;
            for (var slash = file.Path.LastIndexOf('/'); slash > 0 && folders.Add(file.Path[..slash]); slash = file.Path.LastIndexOf('/', slash - 1))
            {
            }
        }

        return files.FirstOrDefault(folders.Contains) is { } both ? $"{StoreKeys.Shown(both)} is both a file and a folder" : null;
    }

    private static string? Problem(ManifestFile? file, string entry, IReadOnlyCollection<string> jobPrefixes)
    {
        if (file?.Path is not { } path || file.Key is null || file.Hash is null)
        {
            return Unreadable;
        }

        if (EntryPaths.Problem(path) is not null)
        {
            return $"path {StoreKeys.Shown(path)} is not allowed";
        }

        if (path != entry && !path.StartsWith(entry + "/", StringComparison.Ordinal))
        {
            return $"path {StoreKeys.Shown(path)} is outside the entry {StoreKeys.Shown(entry)}";
        }

        if (!CheckpointKeys.IsFile(jobPrefixes, file.Key))
        {
            return $"key {StoreKeys.Shown(file.Key)} is not a checkpoint file of this job";
        }

        if (file.Size < 0 || !ContentHash.IsValid(file.Hash))
        {
            return $"{StoreKeys.Shown(path)}: bad size or hash";
        }

        return file.Mode is < 0 or > ModeBits ? $"{StoreKeys.Shown(path)}: bad mode" : null;
    }
}
