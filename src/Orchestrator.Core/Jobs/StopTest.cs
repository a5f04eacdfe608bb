using System.Text.Json.Serialization;

namespace Orchestrator.Jobs;

/// <summary>What a clause of <c>progress.stop-when</c> asks of a metric.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<StopTest>))]
public enum StopTest
{
    IsNaN,
    IsInfinite,
    IsNotFinite,
    Above,
    AtLeast,
    Below,
    AtMost,
}
