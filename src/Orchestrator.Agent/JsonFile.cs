using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Orchestrator.Agent;

/// <summary>The agent's small state files.</summary>
internal static class JsonFile
{
    public static void Write<T>(string path, T value, JsonTypeInfo<T> type) =>
        AtomicFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(value, type));

    /// <summary>Null = absent, or not readable as what it should be (a disk that was full when it was written).</summary>
    public static T? Read<T>(string path, JsonTypeInfo<T> type)
        where T : class
    {
        if (AtomicFile.Read(path) is not { } bytes)
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(bytes, type);
        }
        catch (JsonException e)
        {
            Diagnostics.Write($"{Path.GetFileName(path)} is damaged and is ignored: {e.Message}");
            return null;
        }
    }
}
