using System.Text.Json;
using System.Text.Json.Serialization;
using Orchestrator.Checkpoints;
using Orchestrator.Offers;
using Orchestrator.Protocol;
using Orchestrator.Reconciling;

namespace Orchestrator.Json;

/// <summary>
/// How Core's records are written, everywhere: camel case, nulls left out, unknown properties ignored (a newer peer may send
/// them). Source-generated, so that the agent needs no reflection.
/// </summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true, AllowOutOfOrderMetadataProperties = true)]
[JsonSerializable(typeof(JobState))]
[JsonSerializable(typeof(JobEvent))]
[JsonSerializable(typeof(Observation))]
[JsonSerializable(typeof(Policies))]
[JsonSerializable(typeof(TickRecord))]
[JsonSerializable(typeof(InboxItem))]
[JsonSerializable(typeof(Effect))]
[JsonSerializable(typeof(Offer))]
[JsonSerializable(typeof(MarketHeader))]
[JsonSerializable(typeof(SeenOffer))]
[JsonSerializable(typeof(AgentMessage))]
[JsonSerializable(typeof(ServerMessage))]
[JsonSerializable(typeof(AgentCommand))]
[JsonSerializable(typeof(AgentEvent))]
[JsonSerializable(typeof(CheckpointManifest))]
[JsonSerializable(typeof(TrainerOrder))]
public sealed partial class CoreJson : JsonSerializerContext;
