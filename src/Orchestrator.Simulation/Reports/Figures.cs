namespace Orchestrator.Simulation.Reports;

/// <summary>One quantity over many worlds, to four significant digits.</summary>
/// <param name="Mean">Over all worlds.</param>
/// <param name="Low">The mean's 95 % interval (normal approximation: 1.96 standard errors), from here...</param>
/// <param name="High">...to here.</param>
/// <param name="Median">Half of the worlds stay below.</param>
/// <param name="P90">Nine in ten do.</param>
public sealed record Figures(double Mean, double Low, double High, double Median, double P90)
{
    private const double Normal95 = 1.96;

    public static Figures Of(IReadOnlyCollection<double> values)
    {
        if (values.Count == 0)
        {
            return new Figures(0, 0, 0, 0, 0);
        }

        var sorted = values.Order().ToList();
        var mean = sorted.Sum() / sorted.Count;
        var variance = sorted.Count > 1 ? sorted.Sum(value => (value - mean) * (value - mean)) / (sorted.Count - 1) : 0;
        var margin = Normal95 * Math.Sqrt(variance / sorted.Count);
        return new Figures(Digits(mean), Digits(mean - margin), Digits(mean + margin), Digits(At(sorted, 0.5)), Digits(At(sorted, 0.9)));
    }

    /// <summary>The least value that so large a share of all does not pass.</summary>
    public static double At(IReadOnlyList<double> sorted, double share) =>
        sorted.Count == 0 ? 0 : sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Count) - 1, 0, sorted.Count - 1)];

    /// <summary>Four significant digits: more would say what no simulation knows, and differ between machines.</summary>
    public static double Digits(double value)
    {
        var size = Math.Abs(value);
        var digits = 3;
        for (var bound = 10.0; bound <= size && digits > 0; bound *= 10)
        {
            digits--;
        }

        for (var bound = 1.0; size < bound && size > 0 && digits < 12; bound /= 10)
        {
            digits++;
        }

        return Math.Round(value, digits);
    }
}
