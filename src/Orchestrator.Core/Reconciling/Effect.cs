using System.Text.Json.Serialization;

namespace Orchestrator.Reconciling;

/// <summary>
/// Something the world is still owed, derived from committed state by <c>Owed</c>. All are safe to repeat, but for
/// <see cref="LaunchInstance"/>, which only the tick that appended its cause may perform.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(LaunchInstance), "launch-instance")]
[JsonDerivedType(typeof(DestroyInstance), "destroy-instance")]
[JsonDerivedType(typeof(CommandAgent), "command-agent")]
[JsonDerivedType(typeof(VerifyCheckpoint), "verify-checkpoint")]
[JsonDerivedType(typeof(ScanManifests), "scan-manifests")]
[JsonDerivedType(typeof(DeleteCheckpoint), "delete-checkpoint")]
[JsonDerivedType(typeof(CopyCheckpoint), "copy-checkpoint")]
[JsonDerivedType(typeof(DropCopy), "drop-copy")]
public abstract record Effect;
