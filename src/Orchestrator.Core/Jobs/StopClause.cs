using System.Globalization;

namespace Orchestrator.Jobs;

/// <summary>One clause of <c>progress.stop-when</c>: <c>val_loss &gt; 5 after 1000 steps</c>.</summary>
/// <param name="Metric">Name of the metric.</param>
/// <param name="Test">What is asked of it.</param>
/// <param name="Value">What it is compared with; 0 where it is compared with nothing.</param>
/// <param name="After">The first step at which it counts; null = from the beginning.</param>
public sealed record StopClause(string Metric, StopTest Test, double Value, long? After)
{
    /// <param name="value">The metric's newest value, whatever it is.</param>
    /// <param name="step">The newest step; null = none is known, which is before any that is named.</param>
    public bool Holds(double value, long? step) => !(After > (step ?? -1)) && Test switch
    {
        StopTest.IsNaN => double.IsNaN(value),
        StopTest.IsInfinite => double.IsInfinity(value),
        StopTest.IsNotFinite => !double.IsFinite(value),
        StopTest.Above => value > Value,
        StopTest.AtLeast => value >= Value,
        StopTest.Below => value < Value,
        StopTest.AtMost => value <= Value,
    };

    /// <summary>As a spec writes it.</summary>
    public override string ToString()
    {
        var test = Test switch
        {
            StopTest.IsNaN => "is nan",
            StopTest.IsInfinite => "is inf",
            StopTest.IsNotFinite => "is not finite",
            StopTest.Above => ">",
            StopTest.AtLeast => ">=",
            StopTest.Below => "<",
            StopTest.AtMost => "<=",
        };
        return string.Create(CultureInfo.InvariantCulture, $"{Metric} {test}{(Test >= StopTest.Above ? $" {Value.ToString(CultureInfo.InvariantCulture)}" : "")}{(After is { } after ? $" after {after} steps" : "")}");
    }
}
