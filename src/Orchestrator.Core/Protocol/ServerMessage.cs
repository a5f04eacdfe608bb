using System.Text.Json.Serialization;

namespace Orchestrator.Protocol;

/// <summary>Server → host.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type", UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(Welcome), "welcome")]
[JsonDerivedType(typeof(CommandMessage), "command")]
[JsonDerivedType(typeof(Acknowledge), "ack")]
[JsonDerivedType(typeof(GrantAnswer), "grant-answer")]
[JsonDerivedType(typeof(LeaseRenewal), "lease")]
[JsonDerivedType(typeof(GrantsAhead), "grants-ahead")]
public abstract record ServerMessage;
