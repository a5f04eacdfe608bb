using System.Text.Json.Serialization;

namespace Orchestrator.Protocol;

/// <summary>Host → server.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type", UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(Hello), "hello")]
[JsonDerivedType(typeof(EventMessage), "event")]
[JsonDerivedType(typeof(Heartbeat), "heartbeat")]
[JsonDerivedType(typeof(LogMessage), "log")]
[JsonDerivedType(typeof(GrantRequest), "grant-request")]
public abstract record AgentMessage;
