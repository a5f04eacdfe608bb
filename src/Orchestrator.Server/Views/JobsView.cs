using Orchestrator.Server.Api;

namespace Orchestrator.Server.Views;

/// <summary><c>orchestrator jobs</c>.</summary>
public static class JobsView
{
    private const int BarWidth = 11;

    public static IEnumerable<string> Lines(IReadOnlyList<JobSummary> jobs, int width, Paint paint, DateTimeOffset now, TimeZoneInfo zone)
    {
        if (jobs.Count == 0)
        {
            return ["no jobs yet. Submit one: orchestrator run job.yaml"];
        }

        var table = new TextTable(
            new("JOB", 10), new("STATE", 7), new("PROGRESS", 9), new("DONE AT", 5), new("WHERE", 8, CanGo: true),
            new("$/h", 5, IsRight: true, CanGo: true), new("SPENT", 6), new("SAVED", 5), new("INTR", 4, IsRight: true));
        foreach (var job in jobs)
        {
            table.Add(
                [
                    job.Name, StateWords.Of(job), Progress(job), Done(job, now, zone), Where(job),
                    job.PricePerHour is { } price ? price.ToString("0.000", System.Globalization.CultureInfo.InvariantCulture) : "-",
                    Say.Spent(job.Cost, job.Budget),
                    job.LastCheckpoint is { } saved && !Words.IsEnded(job.State) ? Say.For(now - saved.At) : "-",
                    job.Interruptions.ToString(System.Globalization.CultureInfo.InvariantCulture),
                ],
                (column, cell) => column == 1 ? paint.State(cell, job.State) : cell);
        }

        return [.. table.Lines(width, paint), Clean.Line(Foot(jobs), width - 1)];
    }

    private static string Progress(JobSummary job) => job.Progress switch
    {
        null => "-",
        { } at when job.State == "succeeded" => at.Total is { } total ? $"{Say.Count(at.Step)}/{Say.Count(total)}" : Say.Count(at.Step),
        { } at when Say.Share(at.Step, at.Total) is { } share => $"{Say.Percent(share),5} {Say.Bar(share, BarWidth)}",
        { } at => "step " + Say.Count(at.Step),
    };

    private static string Done(JobSummary job, DateTimeOffset now, TimeZoneInfo zone) => Say.When(job.DoneAt, now, zone);

    private static string Where(JobSummary job) => job.Where ?? (job.State is "waiting" or "paused" or "failed" or "recovering" ? job.Reason : "-");

    private static string Foot(IReadOnlyList<JobSummary> jobs)
    {
        var needing = jobs.Count(job => job.State is "paused" or "failed" or "deadline-missed");
        return $"{jobs.Count} shown · now ${Say.Dollars(jobs.Sum(job => job.PricePerHour ?? 0))}/h · spent ${Say.Dollars(jobs.Sum(job => job.Cost))}"
            + (needing > 0 ? $" · {needing} need{(needing == 1 ? "s" : "")} you" : "");
    }
}
