using System.Text.Json.Serialization;

namespace Orchestrator.Reconciling;

/// <summary>A command of a person or the result of an effect, as a durable row that the next tick observes.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind", UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(CancelCommand), "cancel")]
[JsonDerivedType(typeof(PauseCommand), "pause")]
[JsonDerivedType(typeof(ResumeCommand), "resume")]
[JsonDerivedType(typeof(UpdateCommand), "update")]
[JsonDerivedType(typeof(SaveCommand), "save")]
[JsonDerivedType(typeof(EpochConfirmed), "epoch-confirmed")]
[JsonDerivedType(typeof(LaunchReplied), "launch-replied")]
[JsonDerivedType(typeof(LaunchRejected), "launch-rejected")]
[JsonDerivedType(typeof(DestroyReplied), "destroy-replied")]
[JsonDerivedType(typeof(OrderUnfilled), "order-unfilled")]
[JsonDerivedType(typeof(HostRefused), "host-refused")]
[JsonDerivedType(typeof(CheckpointVerified), "checkpoint-verified")]
[JsonDerivedType(typeof(CheckpointFoundDamaged), "checkpoint-found-damaged")]
[JsonDerivedType(typeof(ManifestsScanned), "manifests-scanned")]
[JsonDerivedType(typeof(CheckpointErased), "checkpoint-erased")]
[JsonDerivedType(typeof(CopyStands), "copy-stands")]
[JsonDerivedType(typeof(CheckpointCopied), "checkpoint-copied")]
[JsonDerivedType(typeof(CopyImpossible), "copy-impossible")]
[JsonDerivedType(typeof(CopyErased), "copy-erased")]
public abstract record InboxItem
{
    /// <summary>The row's id; 0 before it is stored.</summary>
    public long Id { get; init; }
}
