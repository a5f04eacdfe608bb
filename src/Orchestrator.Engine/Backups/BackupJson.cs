using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orchestrator.Engine.Backups;

/// <summary>How the manifest is written: indented, since a person may want to look at it.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(BackupManifest))]
internal sealed partial class BackupJson : JsonSerializerContext
{
    internal static byte[] Write(BackupManifest manifest) => JsonSerializer.SerializeToUtf8Bytes(manifest, Default.BackupManifest);

    /// <summary>Throws <see cref="BackupException"/> for what this program cannot read.</summary>
    internal static BackupManifest Read(byte[] json, string where)
    {
        try
        {
            // Its format first: a later one may lack what this one requires.
            using var document = JsonDocument.Parse(json);
            if (document.RootElement.TryGetProperty("format", out var format) && format.TryGetInt32(out var number) && number != Backups.BackupManifest.CurrentFormat)
            {
                var by = document.RootElement.TryGetProperty("version", out var version) ? version.ToString() : "another version";
                throw new BackupException($"{where} was made by orchestrator {by} in the format {number}, and this program reads {Backups.BackupManifest.CurrentFormat}", "restore it with that version or a later one");
            }

            return document.Deserialize(Default.BackupManifest) ?? throw new JsonException("empty");
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            throw new BackupException($"the manifest in {where} cannot be read: {wrong.Message}", "take another backup", wrong);
        }
    }
}
