using System.Text.Json.Serialization;

namespace Orchestrator.Protocol;

/// <summary>A line of the agent's journal. Hostile until validated: a host may send anything.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "event", UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(HostChecked), "host-checked")]
[JsonDerivedType(typeof(FilesStaged), "files-staged")]
[JsonDerivedType(typeof(StageRefused), "stage-refused")]
[JsonDerivedType(typeof(TrainerStarted), "trainer-started")]
[JsonDerivedType(typeof(TrainerEnded), "trainer-ended")]
[JsonDerivedType(typeof(TrainerVanished), "trainer-vanished")]
[JsonDerivedType(typeof(CheckpointStored), "checkpoint-stored")]
[JsonDerivedType(typeof(CheckpointDiscarded), "checkpoint-discarded")]
[JsonDerivedType(typeof(SaveDone), "save-done")]
[JsonDerivedType(typeof(RetireDone), "retire-done")]
[JsonDerivedType(typeof(DrainDone), "drain-done")]
[JsonDerivedType(typeof(HostCleaned), "host-cleaned")]
[JsonDerivedType(typeof(HostProblem), "host-problem")]
public abstract record AgentEvent
{
    /// <summary>From 1, without gaps, per attempt.</summary>
    public required long Seq { get; init; }

    /// <summary>Host clock: for a person to read, never to decide by.</summary>
    public required DateTimeOffset At { get; init; }
}
