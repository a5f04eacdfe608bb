using System.Text.Json.Serialization;

namespace Orchestrator.Reconciling;

/// <summary>Whose fault it is that a container cannot be made.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<HostFault>))]
public enum HostFault
{
    /// <summary>No Docker, a full disk, no NVIDIA runtime: another machine may do.</summary>
    Machine = 0,
    /// <summary>No such image, no right to it, nothing our agent can run in: every machine would say the same, a person has to act.</summary>
    Image,
    /// <summary>The registry refuses this machine the image, and nobody knows that it would refuse another: a mirror, an address that is let in.</summary>
    Denied,
}
