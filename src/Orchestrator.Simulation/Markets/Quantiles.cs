using System.Collections.Immutable;

namespace Orchestrator.Simulation.Markets;

/// <summary>A distribution as it was recorded: values at probabilities, straight lines between them.</summary>
internal sealed class Quantiles(params ImmutableArray<(double Share, double Value)> points)
{
    private readonly ImmutableArray<(double Share, double Value)> _points = points;

    /// <summary>Of the recorded shares 0, 10, 25, 50, 75, 90 and 100 %.</summary>
    public static Quantiles Seven(double min, double p10, double p25, double median, double p75, double p90, double max) =>
        new((0, min), (0.1, p10), (0.25, p25), (0.5, median), (0.75, p75), (0.9, p90), (1, max));

    public double At(double share)
    {
        for (var i = 1; i < _points.Length; i++)
        {
            var (to, high) = _points[i];
            if (share <= to)
            {
                var (from, low) = _points[i - 1];
                return low + ((high - low) * (share - from) / (to - from));
            }
        }

        return _points[^1].Value;
    }

    public Quantiles Times(double factor) => new([.. _points.Select(point => (point.Share, point.Value * factor))]);
}
