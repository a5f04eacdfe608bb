using System.Text.Json.Serialization;

namespace Orchestrator.Engine.Specs;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StoredSpec))]
public sealed partial class StoredSpecJson : JsonSerializerContext;
