using System.Text.Json.Serialization;

namespace Orchestrator.Protocol;

/// <summary>A metric that is no finite number.</summary>
/// <param name="Value">What it is.</param>
/// <param name="Step">Since which step, without a finite one in between; null = no step was known.</param>
public sealed record OddMetric(OddValue Value, long? Step)
{
    [JsonIgnore]
    public double Number => Value switch
    {
        OddValue.Infinity => double.PositiveInfinity,
        OddValue.NegativeInfinity => double.NegativeInfinity,
        // A host's number for it may be any.
        _ => double.NaN,
    };

    public static OddMetric Of(double value, long? step) => new(
        double.IsPositiveInfinity(value) ? OddValue.Infinity
        : double.IsNegativeInfinity(value) ? OddValue.NegativeInfinity
        : OddValue.NaN,
        step);
}
