using System.Text.Json;

namespace Orchestrator.Engine.Artifacts;

/// <summary>
/// The objects a manifest names, read with goodwill: also from one that breaks a rule or has a newer version, since what it
/// names must not be deleted under it.
/// </summary>
internal static class ManifestReferences
{
    /// <summary>Empty for a manifest that is not there or not JSON: nobody can restore from it.</summary>
    internal static async Task<IReadOnlyList<string>> ReadAsync(IObjectStore store, string key, CancellationToken cancellation)
    {
        try
        {
            await using var content = await store.ReadAsync(key, 0, ManifestVerifier.MaxManifestBytes, cancellation);
            using var json = await JsonDocument.ParseAsync(content, default, cancellation);
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("files", out var files) && files.ValueKind == JsonValueKind.Array
                ? [.. files.EnumerateArray().Select(KeyOf).OfType<string>()]
                : [];
        }
        catch (StoreException gone) when (gone.Kind == StoreErrorKind.NotFound)
        {
            return [];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private static string? KeyOf(JsonElement file) =>
        file.ValueKind == JsonValueKind.Object && file.TryGetProperty("key", out var key) && key.ValueKind == JsonValueKind.String ? key.GetString() : null;
}
