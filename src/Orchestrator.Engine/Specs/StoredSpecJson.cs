using System.Text.Json.Serialization;

namespace Orchestrator.Engine.Specs;

/// <remarks>
/// Reading fills a property the JSON lacks with its type's zero, not with the record's initialiser (source generation and init-only
/// properties). We write every non-null property, so what was stored comes back as it was; a field added later needs a zero that means
/// "not said" (null), or a fix-up where stored specs are loaded.
/// </remarks>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StoredSpec))]
public sealed partial class StoredSpecJson : JsonSerializerContext;
