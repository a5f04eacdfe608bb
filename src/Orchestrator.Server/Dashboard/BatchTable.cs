using System.Collections.Immutable;
using System.Globalization;
using Orchestrator.Server.Api;
using Orchestrator.Server.Dashboard.Parts;
using Orchestrator.Server.Views;

namespace Orchestrator.Server.Dashboard;

/// <summary>The jobs of a batch with the values that they run with; each heading is a link that sorts by it.</summary>
internal sealed class BatchTable
{
    /// <summary>More would leave no room for what they mean; all of them can be sorted by.</summary>
    private const int MostAxes = 6;
    private const int MostMetrics = 3;

    private readonly string _by;
    private readonly bool _descending;
    private readonly ImmutableArray<string> _axes;
    private readonly ImmutableArray<string> _metrics;

    /// <param name="batch">In the order in which it is shown.</param>
    /// <param name="by">What that is by.</param>
    /// <param name="descending">Most first.</param>
    internal BatchTable(BatchDetails batch, string by, bool descending)
    {
        (Batch, _by, _descending) = (batch, by, descending);
        _axes = [.. BatchView.Axes(batch).Take(MostAxes)];
        var metrics = BatchView.Metrics(batch);
        _metrics = [.. metrics.Contains(by) ? [by] : Array.Empty<string>(), .. metrics.Where(metric => metric != by).Take(MostMetrics - (metrics.Contains(by) ? 1 : 0))];
    }

    internal BatchDetails Batch { get; }

    internal string Address(string by, bool descending, int page) =>
        Addresses.Batch(Batch.Id) + string.Create(CultureInfo.InvariantCulture, $"?sort={Uri.EscapeDataString(by)}&desc={(descending ? 1 : 0)}&page={page}");

    internal void Write(Html html, int from, int rows)
    {
        ImmutableArray<Heading> headings =
        [
            HeadOf("Job", "number"), .. _axes.Select(axis => HeadOf(axis, BatchSort.Matrix + axis)), HeadOf("State", "state"), HeadOf("Progress", "progress"),
            .. _metrics.Select(metric => HeadOf(metric, metric, isFigure: true)), HeadOf("Attempts", "attempts", isFigure: true), HeadOf("Cost", "cost", isFigure: true), HeadOf("Line", "place"),
        ];
        // On a phone the table has no head.
        html.Raw("<nav class=\"sorts\" aria-label=\"Sort by\"><span>Sort by</span>");
        foreach (var heading in headings)
        {
            html.Link(heading.Address!, heading.Text);
        }

        html.Raw("</nav>");
        var table = new Table(html, "Jobs of the batch", headings);
        foreach (var (place, job) in Batch.Jobs.Skip(from).Take(rows))
        {
            var cell = BatchView.Cell(job).DistinctBy(value => value.Name).ToDictionary(value => value.Name, value => value.Value, StringComparer.Ordinal);
            table.Row(
            [
                Cell.Of(one => one.JobLink(job.Id, job.Name)), .. _axes.Select(axis => (Cell)Clean.Line(cell.GetValueOrDefault(axis, "-"), 60)), Cell.Of(one => one.State(job.State, StateWords.Of(job))),
                JobsView.Progress(job, withBar: false).Trim(), .. _metrics.Select(metric => (Cell)BatchView.Metric(job, metric)), job.AttemptCount.ToString(CultureInfo.InvariantCulture), "$" + Say.Dollars(job.Cost),
                Clean.Line(BatchView.Line(place, job), 160),
            ]);
        }

        table.End();
    }

    /// <summary>Once more by the same is the other way round.</summary>
    private Heading HeadOf(string text, string by, bool isFigure = false) =>
        new(Clean.Line(text, 40), isFigure) { Address = Address(by, by == _by && !_descending, 1), Order = by != _by ? null : _descending ? "descending" : "ascending" };
}
