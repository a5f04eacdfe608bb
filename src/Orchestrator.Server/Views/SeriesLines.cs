using System.Globalization;
using Orchestrator.Server.Api;

namespace Orchestrator.Server.Views;

/// <summary>Series in the job list, and one by itself.</summary>
public static class SeriesLines
{
    /// <summary>One line below the jobs.</summary>
    public static string Short(SeriesDetails series, DateTimeOffset now, TimeZoneInfo zone)
    {
        ArgumentNullException.ThrowIfNull(series);
        return Clean.Line($"{series.Id} {series.Name} · {series.Cron} ({series.Zone}) · next {Next(series, now, zone)}{(series.Trouble is { } trouble ? "; " + trouble : "")}");
    }

    public static IEnumerable<string> Lines(SeriesDetails series, int width, DateTimeOffset now, TimeZoneInfo zone)
    {
        ArgumentNullException.ThrowIfNull(series);
        yield return Clean.Line($"{series.Name}  {series.Id}   {series.Cron} ({series.Zone})", width - 1);
        yield return Clean.Line("next    " + (series.StoppedAt is { } stopped ? $"none, stopped {Say.When(stopped, now, zone)} by {series.StoppedBy}" : string.Join(", ", series.Next.Select(at => Say.When(at, now, zone)))), width - 1);
        foreach (var line in series.Trouble is { } trouble ? Prose.Lines("trouble ", trouble, width - 1) : [])
        {
            yield return line;
        }

        foreach (var line in series.Runs.SelectMany(run => Prose.Lines($" {Say.When(run.At, now, zone)}  ", Run(run), width - 1)))
        {
            yield return line;
        }
    }

    /// <summary>An instant in the past is being submitted, or something keeps it from that.</summary>
    private static string Next(SeriesDetails series, DateTimeOffset now, TimeZoneInfo zone) => series.Next.Length == 0 ? "never" : Say.When(series.Next[0], now, zone);

    private static string Run(SeriesRun run) => run.Job is { } job ? string.Create(CultureInfo.InvariantCulture, $"#{job} {run.State} ({run.Why})") : run.Why;
}
