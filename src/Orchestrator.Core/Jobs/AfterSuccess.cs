using System.Text.Json.Serialization;

namespace Orchestrator.Jobs;

/// <summary>What happens to checkpoints once the job has succeeded (<c>checkpoints.after-success</c>).</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AfterSuccess>))]
public enum AfterSuccess
{
    KeepLast,
    Keep,
    Delete,
}
