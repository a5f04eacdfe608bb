using System.Globalization;
using Orchestrator.Server.Dashboard.Parts;
using Orchestrator.Server.Desk;
using Orchestrator.Server.Views;

namespace Orchestrator.Server.Dashboard;

/// <summary>All jobs, as <c>orchestrator jobs --all</c> lists them.</summary>
internal sealed class JobsPage() : OwnPage("Jobs", Addresses.Jobs)
{
    protected override void Body(Html html)
    {
        html.Raw("<h1>Jobs</h1>");
        foreach (var series in Read(Service<ISeriesDesk>().ListAsync))
        {
            html.Element("p", SeriesLines.Short(series, Now, TimeZoneInfo.Local), "about");
        }

        var jobs = Read(cancellation => Service<IJobReader>().ListAsync(new(All: true), cancellation));
        if (jobs.Length == 0)
        {
            html.Raw("<p class=\"empty\">No jobs yet. Submit one: <code>orchestrator run job.yaml</code></p>");
            return;
        }

        var table = new Table(html, "All jobs, the newest first", "Job", "State", "Progress", "Done at", "Where", "#$/h", "#Spent", "Saved", "#Interruptions");
        foreach (var (job, sum) in BatchSum.Grouped(jobs, Now))
        {
            if (sum is not null)
            {
                Batch(table, sum);
                continue;
            }

            table.Row(
                Cell.Of(cell => cell.JobLink(job.Id, job.Name)),
                Cell.Of(cell => cell.State(job.State, StateWords.Of(job))),
                job.Progress is not { } at ? "-" : Say.Share(at.Step, at.Total) is { } share ? $"{Say.Percent(share)} ({Say.Count(at.Step)}/{Say.Count(at.Total!.Value)})" : "step " + Say.Count(at.Step),
                When(job.DoneAt),
                job.Where ?? "-",
                job.PricePerHour is { } price ? price.ToString("0.000", CultureInfo.InvariantCulture) : "-",
                "$" + Say.Spent(job.Cost, job.Budget),
                job.LastCheckpoint is null ? "-" : Bits.Saved(job, Now),
                job.Interruptions.ToString(CultureInfo.InvariantCulture));
        }

        table.End();
    }

    private void Batch(Table table, BatchSum sum) => table.Row(
        Cell.Of(cell => cell.BatchLink(sum.Batch, sum.Jobs)), sum.Counted, sum.Share is { } share ? Say.Percent(share) : "-", When(sum.DoneAt), sum.Where ?? "-",
        sum.PerHour?.ToString("0.000", CultureInfo.InvariantCulture) ?? "-", "$" + Say.Spent(sum.Cost, sum.Batch.Budget), sum.Saved > TimeSpan.Zero ? Say.For(sum.Saved.Value) + " ago" : "-",
        sum.Interruptions.ToString(CultureInfo.InvariantCulture));
}
