using System.Collections.Immutable;
using System.Globalization;
using Orchestrator.Server.Api;

namespace Orchestrator.Server.Views;

/// <summary><c>orchestrator top</c>: what costs money and what would be lost, now, on one screen.</summary>
public static class TopView
{
    /// <summary>The figures of one look.</summary>
    public static TopReply Of(JobList list, int alerts, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(list);
        var overview = Overview.Of(list.Jobs, now);
        return new(
            now, overview.Live.Count(job => job.Where is not null), overview.PerHour, overview.Spent, overview.Allowed, overview.Worst?.Unsaved.TotalSeconds, overview.Worst?.Job.Id, list.Leaks, list.LeaksCheckedAt, alerts,
            [
                .. overview.Live.OrderBy(job => job.Where is null).ThenByDescending(job => Overview.UnsavedOf(job, now) ?? TimeSpan.MinValue).ThenBy(job => job.State, StringComparer.Ordinal).ThenBy(job => job.Id),
            ]) { Leaked = list.Leaked };
    }

    /// <param name="top">One look.</param>
    /// <param name="width">Columns.</param>
    /// <param name="height">Lines of the screen: what does not fit is counted; null = no screen, all of it.</param>
    /// <param name="paint">Colours.</param>
    /// <param name="zone">Of the hours.</param>
    public static IEnumerable<string> Lines(TopReply top, int width, int? height, Paint paint, TimeZoneInfo zone)
    {
        ArgumentNullException.ThrowIfNull(top);
        var isWell = top is { Leaks: 0, Leaked: null, Alerts: 0 };
        List<string> head = [.. Prose.Lines("", Figures(top, zone), width - 1).Select(line => top.Leaks > 0 || top.Leaked is not null ? paint.Bad(line) : isWell ? paint.Good(line) : line)];
        if (top.Leaked is { } leaked)
        {
            head.AddRange(Prose.Lines("", string.Create(CultureInfo.InvariantCulture, $"{leaked.Count} LEAKED, ${Say.Dollars(leaked.PerHour)}/h, at {string.Join(" and ", leaked.Providers)}: orchestrator alerts"), width - 1).Select(paint.Bad));
        }

        if (top.Jobs.IsEmpty)
        {
            return [.. head, "no job is under way"];
        }

        // The head, the table's title and the line that counts the rest.
        var room = height is { } lines ? Math.Max(1, lines - head.Count - 2) : int.MaxValue;
        var rows = Rows(top);
        var shown = rows.Length <= room ? rows : rows[..room];
        var table = new TextTable(
            new("#", 1, IsRight: true), new("JOB", 10), new("STATE", 7), new("PROGRESS", 8), new("DONE AT", 7, CanGo: true), new("WHERE", 6, CanGo: true), new("$/h", 5, IsRight: true), new("SPENT", 6, CanGo: true), new("UNSAVED", 7, IsRight: true));
        foreach (var (job, siblings) in shown)
        {
            var unsaved = Overview.UnsavedOf(job, top.At);
            table.Add(
                [
                    siblings > 0 ? "" : job.Id.ToString(CultureInfo.InvariantCulture), siblings > 0 ? string.Create(CultureInfo.InvariantCulture, $"{job.Batch!.Name}: {siblings + 1} jobs") : job.Name, StateWords.Of(job),
                    siblings > 0 ? "-" : JobsView.Progress(job, paint.IsOn), siblings > 0 ? "-" : Say.When(job.DoneAt, top.At, zone), job.Where ?? job.Reason, job.PricePerHour is { } price ? price.ToString("0.000", CultureInfo.InvariantCulture) : "-",
                    siblings > 0 ? "-" : Say.Spent(job.Cost, job.Budget), unsaved is { } time ? Say.For(time) : "-",
                ],
                (column, cell) => column == 2 ? paint.State(cell, job.State) : column == 8 && unsaved is { } age && age.TotalSeconds == top.WorstUnsavedSeconds ? paint.Strong(cell) : cell);
        }

        return [.. head, .. table.Lines(width, paint), .. shown.Length < rows.Length ? [string.Create(CultureInfo.InvariantCulture, $"and {rows.Length - shown.Length} more: orchestrator jobs")] : (string[])[]];
    }

    /// <summary>Jobs of one batch that wait for the same are one row: what runs is what a person looks for.</summary>
    private static ImmutableArray<(JobSummary Job, int Siblings)> Rows(TopReply top) =>
    [
        .. top.Jobs.GroupBy(job => job.Where is null && job.Batch is { } batch ? (batch.Id, job.State, 0L) : (0L, "", job.Id)).Select(group => (group.First(), group.Count() - 1)),
    ];

    private static string Figures(TopReply top, TimeZoneInfo zone) =>
        string.Create(CultureInfo.InvariantCulture, $"{Say.Clock(top.At, zone)} · {top.Hosts} {(top.Hosts == 1 ? "job" : "jobs")} on hosts, {top.Jobs.Length - top.Hosts} not · ${Say.Dollars(top.PerHour)}/h · ${Say.Dollars(top.Spent)} spent")
            + (top.Allowed is { } allowed ? $" of ${Say.Dollars(allowed)}" : "")
            + $" · oldest unsaved work {(top.WorstUnsavedSeconds is { } seconds ? Say.For(TimeSpan.FromSeconds(seconds)) : "none")}"
            + (top.Leaks is { } leaks ? string.Create(CultureInfo.InvariantCulture, $" · leaks {leaks}{(top.LeaksCheckedAt is { } at ? $", checked {Say.For(top.At - at)} ago" : "")}") : " · leaks not known")
            + (top.Alerts > 0 ? string.Create(CultureInfo.InvariantCulture, $" · {top.Alerts} {(top.Alerts == 1 ? "needs" : "need")} you: orchestrator alerts") : "");
}
