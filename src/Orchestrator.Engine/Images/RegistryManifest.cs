using System.Text.Json;

namespace Orchestrator.Engine.Images;

/// <summary>What of a manifest or an index matters to us. A registry is not trusted with its shape.</summary>
/// <param name="Bytes">Compressed layers; null for an index.</param>
/// <param name="ForLinux">Of an index: the digest of its linux/amd64 manifest; null where there is none.</param>
/// <param name="Platforms">Of an index: what it is for.</param>
internal sealed record RegistryManifest(long? Bytes, string? ForLinux, IReadOnlyList<string> Platforms)
{
    internal const string Accept =
        "application/vnd.oci.image.index.v1+json, application/vnd.docker.distribution.manifest.list.v2+json, "
        + "application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json";

    internal bool IsIndex => Bytes is null;

    /// <summary>Throws <see cref="RegistryException"/> when it is neither.</summary>
    internal static RegistryManifest Parse(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            if (List(root, "manifests") is { } manifests)
            {
                var platforms = manifests.Select(Platform).OfType<(string Name, string Digest)>().ToList();
                return new(null, platforms.FirstOrDefault(one => one.Name == "linux/amd64").Digest, [.. platforms.Select(one => one.Name)]);
            }

            if (List(root, "layers") is { } layers)
            {
                return new(layers.Sum(layer => layer.TryGetProperty("size", out var size) && size.TryGetInt64(out var bytes) && bytes > 0 ? bytes : 0), null, []);
            }
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or OverflowException)
        {
            throw new RegistryException(RegistryErrorKind.Unreachable, "its manifest cannot be read: " + error.Message, error);
        }

        throw new RegistryException(RegistryErrorKind.Unusable, "it is no image that Docker pulls today (neither an index nor a manifest of schema 2); build and push it anew");
    }

    private static IReadOnlyList<JsonElement>? List(JsonElement root, string name) =>
        root.ValueKind == JsonValueKind.Object && root.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray()] : null;

    private static (string Name, string Digest)? Platform(JsonElement manifest) =>
        manifest.TryGetProperty("digest", out var digest) && digest.GetString() is { } text && ImageReference.IsDigest(text)
        && manifest.TryGetProperty("platform", out var platform) && platform.TryGetProperty("os", out var os) && platform.TryGetProperty("architecture", out var architecture)
            ? ($"{os.GetString()}/{architecture.GetString()}", text)
            : null;
}
