using System.Text.Json.Serialization;

namespace Orchestrator.Reconciling;

/// <summary>A provider's word about an instance.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<InstanceStatus>))]
public enum InstanceStatus
{
    /// <summary>A status we do not know: treated as no news.</summary>
    Unknown = 0,
    Booting,
    Running,
    /// <summary>Stopped, exited or outbid: an interruption, never waited for.</summary>
    Stopped,
    /// <summary>Being destroyed; still billed until it is gone.</summary>
    Terminating,
}
