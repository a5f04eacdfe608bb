using System.Text.Json;
using System.Text.Json.Serialization;
using Orchestrator.Agent.Ahead;
using Orchestrator.Agent.Checkpoints;
using Orchestrator.Agent.Leasing;
using Orchestrator.Agent.Native;
using Orchestrator.Agent.Training;
using Orchestrator.Checkpoints;
using Orchestrator.Protocol;

namespace Orchestrator.Agent;

/// <summary>The protocol as CoreJson writes it, and the agent's own files. A context of its own, since Core's would carry the whole kernel into the executable.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, AllowOutOfOrderMetadataProperties = true,
    GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(AgentMessage))]
[JsonSerializable(typeof(ServerMessage))]
[JsonSerializable(typeof(AgentEvent))]
[JsonSerializable(typeof(CheckpointManifest))]
[JsonSerializable(typeof(ProcessIdentity))]
[JsonSerializable(typeof(TrainerLaunch))]
[JsonSerializable(typeof(TrainerRecord))]
[JsonSerializable(typeof(TrainerExit))]
[JsonSerializable(typeof(AgentState))]
[JsonSerializable(typeof(StoredSets))]
[JsonSerializable(typeof(KeptGrants))]
[JsonSerializable(typeof(KeptLease))]
internal sealed partial class AgentJson : JsonSerializerContext;
