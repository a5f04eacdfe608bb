using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orchestrator.Engine.Installations;

/// <summary>How the record is written: indented, since a person copies it from one server to the next.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(InstallationRecord))]
internal sealed partial class InstallationJson : JsonSerializerContext
{
    internal static string Write(InstallationRecord record) => JsonSerializer.Serialize(record, Default.InstallationRecord) + "\n";

    /// <param name="json">The text.</param>
    /// <param name="where">Where it comes from, for the message.</param>
    internal static InstallationRecord Read(string json, string where)
    {
        try
        {
            if (JsonSerializer.Deserialize(json, Default.InstallationRecord) is { } record && InstallationEpoch.IsValid(record.Epoch))
            {
                // An older or hand-made file may lack a field, which is null then whatever the type says.
                return record with
                {
                    Jobs = record.Jobs ?? ImmutableSortedDictionary<long, int>.Empty,
                    Ended = record.Ended ?? [],
                    Former = record.Former ?? [],
                };
            }
        }
        catch (JsonException error)
        {
            throw new InstallationException($"{where} is damaged ({error.Message}); restore it from a copy, or from the default store's installations folder", error);
        }

        throw new InstallationException($"{where} names no valid epoch; restore it from a copy, or from the default store's installations folder");
    }
}
