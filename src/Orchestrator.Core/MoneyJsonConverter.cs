using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orchestrator;

/// <summary>Writes money as its number of micro-dollars.</summary>
public sealed class MoneyJsonConverter : JsonConverter<Money>
{
    public override Money Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetInt64());

    public override void Write(Utf8JsonWriter writer, Money value, JsonSerializerOptions options) => writer.WriteNumberValue(value.MicroDollars);
}
