using System.Text.Json.Nodes;

namespace Orchestrator.Emulators;

/// <summary>What a registry says of an image.</summary>
public static class ImageManifest
{
    /// <param name="text">A manifest, or an index of manifests.</param>
    /// <param name="system">As the image has it: <c>linux</c>.</param>
    /// <param name="architecture">As the image has it: <c>amd64</c>.</param>
    /// <returns>Bytes of its layers as they are pulled; or, of an index, the digest of the manifest that has them.</returns>
    /// <exception cref="InvalidOperationException">It is neither, or the index has none for this machine.</exception>
    public static (long Bytes, string? Digest) Read(string text, string system, string architecture)
    {
        var root = JsonNode.Parse(text);
        if (root?["manifests"] is JsonArray manifests)
        {
            var ours = manifests.FirstOrDefault(one => one?["platform"]?["os"]?.GetValue<string>() == system && one["platform"]?["architecture"]?.GetValue<string>() == architecture);
            return (0, ours?["digest"]?.GetValue<string>() ?? throw new InvalidOperationException($"the index has no manifest for {system}/{architecture}"));
        }

        return root?["layers"] is JsonArray layers ? (layers.Sum(layer => layer!["size"]!.GetValue<long>()), null) : throw new InvalidOperationException("a manifest without layers: " + text);
    }
}
