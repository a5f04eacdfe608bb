using System.Buffers;
using System.Text.Json;

namespace Orchestrator.Agent.Journal;

/// <summary>
/// The journal's lines: <c>{"key":K,"event":{…}}</c>, and first of all after a trim <c>{"base":N,"keys":[…],"kinds":[…]}</c>,
/// which keeps what must be remembered of the events that were dropped.
/// </summary>
internal static class JournalLine
{
    public static byte[] Event(string? key, byte[] rawEvent)
    {
        var buffer = new ArrayBufferWriter<byte>(rawEvent.Length + 64);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            if (key is not null)
            {
                writer.WriteString("key", key);
            }

            writer.WritePropertyName("event");
            writer.WriteRawValue(rawEvent, skipInputValidation: true);
            writer.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    public static byte[] Header(long trimmed, IEnumerable<string> keys, IEnumerable<string> kinds)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteNumber("base", trimmed);
            WriteList(writer, "keys", keys);
            WriteList(writer, "kinds", kinds);
            writer.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteList(Utf8JsonWriter writer, string name, IEnumerable<string> values)
    {
        writer.WriteStartArray(name);
        foreach (var value in values)
        {
            writer.WriteStringValue(value);
        }

        writer.WriteEndArray();
    }
}
