using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orchestrator.Protocol;

/// <summary>
/// An enum of the protocol by its members' names; what has none goes by its number, since another release may know it and what was stored
/// must stay readable. <see cref="JsonStringEnumConverter{T}"/> brings flags and naming policies for each type, together a tenth of a
/// megabyte in the agent's file.
/// </summary>
public sealed class WordConverter<T> : JsonConverter<T>
    where T : struct, Enum
{
    private static readonly T[] _members = Enum.GetValues<T>();

    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var number))
        {
            return (T)Enum.ToObject(typeof(T), number);
        }

        var word = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
        foreach (var member in _members)
        {
            if (string.Equals(member.ToString(), word, StringComparison.OrdinalIgnoreCase))
            {
                return member;
            }
        }

        return int.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number)
            ? (T)Enum.ToObject(typeof(T), number)
            : throw new JsonException($"\"{word}\" is no {typeof(T).Name}");
    }

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStringValue(value.ToString());
    }
}
