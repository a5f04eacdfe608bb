using System.Text.Json.Serialization;

namespace Orchestrator.Jobs;

/// <summary>Where a job stands. The last four are terminal; Paused goes on only by a person's word.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<JobPhase>))]
public enum JobPhase
{
    /// <summary>Never stored; the value of a state before its first event.</summary>
    None = 0,
    Pending,
    Scheduled,
    /// <summary>No offer fits now, or the recovery policy waits before the next attempt.</summary>
    Waiting,
    Active,
    /// <summary>The last attempt was interrupted and the next one has not begun.</summary>
    Recovering,
    Paused,
    Succeeded,
    Failed,
    Cancelled,
    DeadlineMissed,
}
