using System.Text.Json.Serialization;

namespace Orchestrator.Protocol;

[JsonPolymorphic(TypeDiscriminatorPropertyName = "command", UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(CheckHost), "check")]
[JsonDerivedType(typeof(StageFiles), "stage")]
[JsonDerivedType(typeof(StartTrainer), "start")]
[JsonDerivedType(typeof(SaveNow), "save")]
[JsonDerivedType(typeof(DrainTrainer), "drain")]
[JsonDerivedType(typeof(RetireCheckpoint), "retire")]
[JsonDerivedType(typeof(CleanHost), "clean")]
[JsonDerivedType(typeof(StopAgent), "stop")]
public abstract record AgentCommand;
