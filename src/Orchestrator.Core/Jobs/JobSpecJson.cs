using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Orchestrator.Jobs;

/// <summary>JSON of the expanded spec, as stored in the database and sent to the agent. Works without reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(JobSpec))]
[JsonSerializable(typeof(CheckpointSpec))]
[JsonSerializable(typeof(ProgressRule))]
[JsonSerializable(typeof(ImmutableArray<OutputSpec>))]
public sealed partial class JobSpecJson : JsonSerializerContext;
