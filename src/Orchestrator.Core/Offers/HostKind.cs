using System.Text.Json.Serialization;

namespace Orchestrator.Offers;

/// <summary>How a container gets onto an instance.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<HostKind>))]
public enum HostKind
{
    /// <summary>We reach a Docker daemon or a bare shell there.</summary>
    Machine,
    /// <summary>The instance is our container.</summary>
    Container,
}
