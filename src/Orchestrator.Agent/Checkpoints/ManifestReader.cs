using System.Text.Json;
using Orchestrator.Agent.Staging;
using Orchestrator.Checkpoints;

namespace Orchestrator.Agent.Checkpoints;

/// <summary>Reads a manifest and believes none of its names.</summary>
internal static class ManifestReader
{
    /// <exception cref="JsonException">It is no manifest.</exception>
    /// <exception cref="RefusedPathException">A file lies outside its entry.</exception>
    public static CheckpointManifest Read(ReadOnlySpan<byte> bytes)
    {
        var manifest = JsonSerializer.Deserialize(bytes, AgentJson.Default.CheckpointManifest);
        if (manifest is null || manifest.Files.IsDefaultOrEmpty)
        {
            throw new JsonException("the manifest names no files");
        }

        _ = SpecPaths.Below("/", manifest.Entry);
        foreach (var file in manifest.Files)
        {
            if (file.Size < 0 || (file.Path != manifest.Entry && !file.Path.StartsWith(manifest.Entry + "/", StringComparison.Ordinal)))
            {
                throw new RefusedPathException($"the manifest names \"{file.Path}\", which is not below its entry \"{manifest.Entry}\"");
            }

            _ = SpecPaths.Below("/", file.Path);
        }

        return manifest;
    }
}
