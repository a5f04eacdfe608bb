using System.Globalization;
using Orchestrator.Server.Api;

namespace Orchestrator.Server.Views;

/// <summary><c>orchestrator jobs</c>.</summary>
public static class JobsView
{
    private const int BarWidth = 11;

    public static IEnumerable<string> Lines(JobList list, int width, Paint paint, DateTimeOffset now, TimeZoneInfo zone)
    {
        var jobs = list.Jobs;
        string[] series = [.. list.Series.SelectMany(one => Prose.Lines("", SeriesLines.Short(one, now, zone), width - 1))];
        if (jobs.Length == 0)
        {
            return [.. series, "no jobs here. Submit one: orchestrator run job.yaml (jobs --all lists those that ended long ago)", .. Leaked(list, width, paint), .. Foot(list, width)];
        }

        // Narrower: first everything shrinks to its least, then whole columns go, price before place.
        var table = new TextTable(
            new("#", 1, IsRight: true), new("JOB", 10), new("STATE", 7), new("PROGRESS", 8), new("DONE AT", 7), new("WHERE", 6, CanGo: true),
            new("$/h", 5, IsRight: true, CanGo: true), new("SPENT", 6), new("SAVED", 5), new("INTR", 4, IsRight: true));
        foreach (var (job, sum) in BatchSum.Grouped(jobs, now))
        {
            if (sum is not null)
            {
                table.Add(BatchRow.Cells(sum, now, zone));
                continue;
            }

            table.Add(
                [
                    job.Id.ToString(CultureInfo.InvariantCulture), job.Name, StateWords.Of(job), Progress(job, paint.IsOn), Done(job, now, zone), Where(job, now, zone),
                    job.PricePerHour is { } price ? price.ToString("0.000", CultureInfo.InvariantCulture) : "-",
                    Say.Spent(job.Cost, job.Budget),
                    job.LastCheckpoint is { } saved && !Words.IsEnded(job.State) ? Say.For(now - saved.At) : "-",
                    job.Interruptions.ToString(CultureInfo.InvariantCulture),
                ],
                (column, cell) => column == 2 ? paint.State(cell, job.State) : cell);
        }

        return [.. table.Lines(width, paint), .. series, .. Leaked(list, width, paint), .. Foot(list, width)];
    }

    /// <summary>A bar for a person's eyes; elsewhere the figure alone.</summary>
    internal static string Progress(JobSummary job, bool withBar) => job.Progress switch
    {
        null => "-",
        { } at when job.State == "succeeded" => at.Total is { } total ? $"{Say.Count(at.Step)}/{Say.Count(total)}" : Say.Count(at.Step),
        { } at when Say.Share(at.Step, at.Total) is { } share => $"{Say.Percent(share),5}{(withBar ? " " + Say.Bar(share, BarWidth) : "")}",
        { } at => "step " + Say.Count(at.Step),
    };

    private static string Done(JobSummary job, DateTimeOffset now, TimeZoneInfo zone) => Say.When(job.DoneAt, now, zone);

    private static string Where(JobSummary job, DateTimeOffset now, TimeZoneInfo zone)
    {
        if (job is { Kept: { } kept, Where: { } host })
        {
            return $"kept until {Say.When(kept.Until, now, zone)}: {host}";
        }

        var why = job.Where ?? (job.State is "waiting" or "scheduled" or "paused" or "failed" or "recovering" ? job.Reason : "-");
        return job is { Where: null, State: "waiting" or "scheduled" or "recovering", MustStartBy: { } latest } ? $"{why}; must start by {Say.When(latest, now, zone)}" : why;
    }

    /// <summary>Whatever the jobs look like, this costs money now.</summary>
    private static IEnumerable<string> Leaked(JobList list, int width, Paint paint) => list.Leaked is not { } leaked ? [] : Prose.Lines(
        "",
        $"{leaked.Count} LEAKED: destroyed again and again, and not confirmed gone; {(leaked.Count == 1 ? "it costs" : "they cost")} ${Say.Dollars(leaked.PerHour)}/h"
            + (leaked.WithoutPrice > 0 ? $", the price of {leaked.WithoutPrice} is not known" : "")
            + $". Destroy {(leaked.Count == 1 ? "it" : "them")} at {string.Join(" and ", leaked.Providers)}: orchestrator alerts names {(leaked.Count == 1 ? "it" : "them")}",
        width - 1).Select(paint.Bad);

    private static IEnumerable<string> Foot(JobList list, int width)
    {
        var needing = list.Jobs.Where(job => job.Kept is not null || job.State is "paused" or "failed" or "deadline-missed").ToList();
        var text = $"{list.Jobs.Length} shown · now ${Say.Dollars(list.Jobs.Sum(job => job.PricePerHour ?? 0))}/h · spent ${Say.Dollars(list.Jobs.Sum(job => job.Cost))}"
            + (list.Leaks is { } leaks ? $" · leaks {leaks}" : "")
            + (needing.Count > 0 ? $" · {needing.Count} need{(needing.Count == 1 ? "s" : "")} you: {needing[0].Name} #{needing[0].Id} ({(needing[0].Kept is null ? needing[0].State : "failed, its host is kept")})" : "");
        return Prose.Lines("", text, width - 1);
    }
}
