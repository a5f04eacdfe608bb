using System.Text.Json.Serialization;

namespace Orchestrator.Attempts;

/// <summary>Phases of an attempt, in order. An attempt never goes back; it may skip forward to Draining or later.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AttemptPhase>))]
public enum AttemptPhase
{
    /// <summary>Never stored.</summary>
    None = 0,
    Planned,
    /// <summary>LaunchSent is durable; the create call may have been made.</summary>
    Launching,
    /// <summary>The instance is known; the provider does not yet say it runs.</summary>
    Booting,
    /// <summary>It runs; the agent has not said hello yet.</summary>
    Connecting,
    /// <summary>Pre-flight on the host.</summary>
    Checking,
    /// <summary>Choosing the checkpoint, then moving code, data and checkpoint to the host.</summary>
    Staging,
    Running,
    /// <summary>The trainer was told to stop; the newest checkpoint is being flushed.</summary>
    Draining,
    /// <summary>Another job of the batch may take the host over: it is wiped but for pinned data, and offered.</summary>
    Passing,
    /// <summary>Data, code, checkpoints, caches and history are deleted on the host (bounded).</summary>
    Cleaning,
    /// <summary>The instance is being destroyed and is still on the books.</summary>
    Terminating,
    Ended,
}
