using System.Collections.Immutable;

namespace Orchestrator.Simulation.Reports;

/// <summary>How often a quantity fell where.</summary>
/// <param name="From">Where the first column begins.</param>
/// <param name="Width">Of a column.</param>
/// <param name="Counts">Worlds per column; the last one holds all that lies beyond.</param>
public sealed record Histogram(double From, double Width, ImmutableArray<int> Counts)
{
    private const int Columns = 24;

    /// <summary>Columns of a round width from nought on, so that policies can be laid over each other.</summary>
    public static Histogram Of(IReadOnlyCollection<double> values, double width)
    {
        var counts = new int[Columns];
        foreach (var value in values)
        {
            counts[Math.Clamp((int)(value / width), 0, Columns - 1)]++;
        }

        return new Histogram(0, width, [.. counts]);
    }

    /// <summary>1, 2 or 5 times a power of ten, so that nearly all of the values have a column of their own.</summary>
    public static double WidthFor(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        var needed = Figures.At(sorted, 0.98) / (Columns - 1);
        var width = 0.001;
        ReadOnlySpan<double> steps = [2, 2.5, 2];
        for (var i = 0; width < needed; i++)
        {
            width *= steps[i % 3];
        }

        return Figures.Digits(width);
    }
}
