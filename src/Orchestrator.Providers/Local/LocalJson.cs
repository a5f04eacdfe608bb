using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orchestrator.Providers.Local;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(LocalInstance))]
[JsonSerializable(typeof(LocalSupervisor))]
public sealed partial class LocalJson : JsonSerializerContext;
