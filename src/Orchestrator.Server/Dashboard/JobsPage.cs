using Orchestrator.Server.Desk;
using Orchestrator.Server.Views;

namespace Orchestrator.Server.Dashboard;

/// <summary>All jobs, as <c>orchestrator jobs</c> lists them.</summary>
internal sealed class JobsPage() : OwnPage("Jobs")
{
    protected override void Body()
    {
        WriteLiteral("<h1 class=\"page-header\">Jobs</h1>");
        if (Read(Service<ISystemDesk>().RecoveredAsync) is { } why)
        {
            WriteLiteral("<p class=\"orc-bad\">Recovered mode, nothing is rented or destroyed: ");
            Write(Clean.Line(why));
            WriteLiteral(". Look, then: <code>orchestrator recover --confirm</code></p>");
        }

        foreach (var series in Read(Service<ISeriesDesk>().ListAsync))
        {
            WriteLiteral("<p>");
            Write(SeriesLines.Short(series, Now, TimeZoneInfo.Local));
            WriteLiteral("</p>");
        }

        var jobs = Read(cancellation => Service<IJobReader>().ListAsync(new(All: true), cancellation));
        if (jobs.Length == 0)
        {
            WriteLiteral("<p>No jobs yet. Submit one: <code>orchestrator run job.yaml</code></p>");
            return;
        }

        Head("Job", "State", "Progress", "Done at", "Where", "$/h", "Spent", "Saved", "Interruptions");
        foreach (var job in jobs)
        {
            BeginRow();
            BeginCell();
            WriteLiteral("<a href=\"");
            Write(Url.To($"{DashboardSetup.Jobs}/{job.Id}"));
            WriteLiteral("\">");
            Write($"{Clean.Line(job.Name, 64)} #{job.Id}");
            WriteLiteral("</a>");
            EndCell();
            BeginCell();
            State(job.State, StateWords.Of(job));
            EndCell();
            Cell(job.Progress is not { } at ? "-" : Say.Share(at.Step, at.Total) is { } share ? $"{Say.Percent(share)} ({Say.Count(at.Step)}/{Say.Count(at.Total!.Value)})" : "step " + Say.Count(at.Step));
            Cell(When(job.DoneAt));
            Cell(job.Where ?? "-");
            Cell(job.PricePerHour is { } price ? price.ToString("0.000", System.Globalization.CultureInfo.InvariantCulture) : "-");
            Cell("$" + Say.Spent(job.Cost, job.Budget));
            Cell(job.LastCheckpoint is { } saved ? (saved.Step is { } step ? $"step {Say.Count(step)}, " : "") + Say.For(Now - saved.At) + " ago" : "-");
            Cell(job.Interruptions.ToString(System.Globalization.CultureInfo.InvariantCulture));
            EndRow();
        }

        EndTable();
    }
}
