using System.Text.Json.Serialization;

namespace Orchestrator.Offers;

[JsonConverter(typeof(JsonStringEnumConverter<CapacityType>))]
public enum CapacityType
{
    OnDemand,
    Interruptible,
}
