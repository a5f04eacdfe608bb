using System.Text.Json.Serialization;

namespace Orchestrator.Jobs;

/// <summary>What happens when the deadline passes (<c>deadline.on-miss</c>).</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DeadlineMiss>))]
public enum DeadlineMiss
{
    Continue,
    Stop,
}
