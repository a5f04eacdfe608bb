using System.Text.Json.Serialization;

namespace Orchestrator.Protocol;

/// <summary>What JSON has no number for.</summary>
[JsonConverter(typeof(WordConverter<OddValue>))]
public enum OddValue
{
    NaN,
    Infinity,
    NegativeInfinity,
}
