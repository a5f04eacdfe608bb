using System.Collections.Immutable;

namespace Orchestrator.Server.Dashboard.Parts;

/// <summary>Figures over time. Drawn here as plain SVG, for readers without scripts; with scripts uPlot takes its place.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Summary">The same in a sentence with its figures, for who does not see it.</param>
/// <param name="Unit">Before each figure of the axis: "$", or empty.</param>
/// <param name="At">Instants, seconds since 1970, rising.</param>
/// <param name="Lines">What was at each of them.</param>
internal sealed record Chart(string Title, string Summary, string Unit, ImmutableArray<double> At, ImmutableArray<ChartLine> Lines)
{
    /// <summary>Stretches of time with a name, as the attempts of a job.</summary>
    public ImmutableArray<ChartBand> Bands { get; init; } = [];

    /// <summary>Whether the axis begins at zero.</summary>
    public bool FromZero { get; init; }

    public double Least => FromZero ? 0 : Known.DefaultIfEmpty(0).Min();

    public double Most => Known.DefaultIfEmpty(1).Max();

    private IEnumerable<double> Known => Lines.SelectMany(line => line.Values).OfType<double>();
}
