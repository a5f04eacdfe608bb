using System.Text.Json.Serialization;

namespace Orchestrator.Protocol;

/// <summary>When an entry of the checkpoint folder is complete.</summary>
[JsonConverter(typeof(WordConverter<CompletionKind>))]
public enum CompletionKind
{
    /// <summary>Nothing in it changed for a while and no process has it open for writing.</summary>
    Settle = 0,
    /// <summary>It appears under its final name by an atomic rename; names that begin with a dot or end in .tmp/.partial are not final.</summary>
    Rename,
    Marker,
}
