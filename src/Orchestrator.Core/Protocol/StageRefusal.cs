using System.Text.Json.Serialization;

namespace Orchestrator.Protocol;

[JsonConverter(typeof(WordConverter<StageRefusal>))]
public enum StageRefusal
{
    /// <summary>The host's fault or nobody's: try elsewhere.</summary>
    Host = 0,
    /// <summary>A file of the checkpoint is missing or does not match its manifest: the one before is used.</summary>
    CheckpointDamaged,
    /// <summary>Code or data of the spec cannot be read anywhere: the user's to mend.</summary>
    Source,
    DiskFull,
}
