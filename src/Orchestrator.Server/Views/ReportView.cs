using System.Globalization;
using Orchestrator.Server.Api;

namespace Orchestrator.Server.Views;

/// <summary><c>orchestrator report weekend</c>: a line for each question of a Monday, and what to change below.</summary>
public static class ReportView
{
    private const int MostNamed = 8;
    private const int Lead = 11;

    public static IEnumerable<string> Lines(ReportReply report, int width, Paint paint, DateTimeOffset now, TimeZoneInfo zone)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(zone);
        return
        [
            .. Prose.Lines(Of("weekend"), $"{Date(report.From, zone)} to {Date(report.To, zone)} ({zone.Id})", width - 1),
            .. Prose.Lines(Of("jobs"), Counts(report), width - 1),
            .. Prose.Lines(Of("spent"), Spent(report), width - 1),
            .. Prose.Lines(Of("on demand"), OnDemand(report), width - 1),
            .. Prose.Lines(Of("interrupted"), Interrupted(report), width - 1),
            .. Wasted(report, width, paint),
            .. report.Batches.SelectMany(batch => Prose.Lines(Of("batch"), Batch(batch), width - 1)),
            .. Named(report, "failed", ["failed", "deadline-missed"], width, paint.Bad),
            .. Named(report, "paused", ["paused"], width, paint.Warn),
            .. Named(report, "waiting", ["waiting", "pending", "scheduled"], width, line => line),
            .. report.Banned.Take(MostNamed).SelectMany(ban => Prose.Lines(Of("banned"), Ban(ban, now, zone), width - 1)),
            .. Prose.Lines(Of("left"), Left(report, now, zone), width - 1).Select(line => report.Left.Any(place => place.Owed + place.Orphans > 0) ? paint.Bad(line) : line),
            .. report.Advice.SelectMany((advice, at) => Prose.Lines(Of(at == 0 ? "to change" : ""), "- " + advice, width - 1)),
        ];
    }

    private static string Counts(ReportReply report)
    {
        var counts = report.Counts;
        (int Count, string Word)[] kinds = [(counts.Done, "done"), (counts.Failed, "failed"), (counts.Running, "running"), (counts.Waiting, "waiting"), (counts.Paused, "paused"), (counts.Cancelled, "cancelled")];
        var text = string.Join(" · ", kinds.Where(kind => kind.Count > 0 || kind.Word is "done" or "failed" or "waiting").Select(kind => string.Create(CultureInfo.InvariantCulture, $"{kind.Count} {kind.Word}")));
        return text + (report.Unreadable > 0 ? string.Create(CultureInfo.InvariantCulture, $" · {report.Unreadable} cannot be read by this release") : "");
    }

    /// <summary>In cents that add up; the same parts as <c>cost</c> shows.</summary>
    private static string Spent(ReportReply report)
    {
        var parts = report.Spent;
        var cents = Cents.Of([parts.Compute, parts.Disk, parts.Moves, parts.LostWork, parts.NeverBooted]);
        string[] names = ["compute", "disk", "moves", "lost work", "never booted"];
        return $"${Say.Dollars(cents.Sum())}{(report.Allowed is { } allowed ? $" of ${Say.Dollars(allowed)} allowed" : "")}"
            + (cents.Sum() > 0 ? ": " + string.Join(", ", names.Zip(cents).Where(part => part.Second > 0).Select(part => $"{part.First} {Say.Dollars(part.Second)}")) : "")
            + (report.Providers.Length > 0 ? " · " + string.Join(", ", report.Providers.Select(one => $"{one.Provider} {Say.Dollars(one.Cost.Total)}")) : "")
            + (report.Orphans > 0 ? string.Create(CultureInfo.InvariantCulture, $" · and {report.Orphans} that no job owned: ${Say.Dollars(report.OrphanCost)}") : "");
    }

    private static string OnDemand(ReportReply report) => report.OnDemand switch
    {
        null => "nothing was rented",
        { Cost: null, Unknown: var unknown } => string.Create(CultureInfo.InvariantCulture, $"unknown: no on-demand price was seen for the cards and hours of any of {unknown} instances"),
        { Cost: { } cost } figure => $"${Say.Dollars(cost)} instead of ${Say.Dollars(figure.Instead)}"
            + (figure.Unknown > 0 ? string.Create(CultureInfo.InvariantCulture, $"; unknown for {figure.Unknown} of {figure.Compared + figure.Unknown} instances, whose prices were not seen") : "")
            + $" ({figure.How})",
    };

    private static string Interrupted(ReportReply report) => report.Interruptions is { Count: > 0 } cut
        ? string.Create(CultureInfo.InvariantCulture, $"{cut.Count} {(cut.Count == 1 ? "time" : "times")}: {Minutes(cut.LostMinutes)} of training lost, {Minutes(cut.AwayMinutes)} until it went on")
        : "never";

    private static IEnumerable<string> Wasted(ReportReply report, int width, Paint paint)
    {
        var never = report.Providers.Where(one => one.NeverBooted > 0).ToList();
        return never.Count == 0 ? Prose.Lines(Of("wasted"), "nothing on hosts that never booted", width - 1)
            : Prose.Lines(
                Of("wasted"), $"${Say.Dollars(report.Spent.NeverBooted)} on hosts that never booted: " + string.Join(", ", never.Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Provider} {one.NeverBooted} of {one.Hosts}"))), width - 1).Select(paint.Warn);
    }

    private static string Batch(ReportBatch batch) =>
        string.Create(CultureInfo.InvariantCulture, $"{batch.Name}: {batch.Done} of {batch.Jobs} done{(batch.Failed > 0 ? $", {batch.Failed} failed" : "")}{(batch.Live > 0 ? $", {batch.Live} not ended" : "")}")
            + $" · ${Say.Dollars(batch.Cost.Total)}{(batch.Budget is { } budget ? $" of ${Say.Dollars(budget)}" : "")}"
            + (batch.Best is { } best ? string.Create(CultureInfo.InvariantCulture, $" · best: {(best.Least ? "least" : "most")} {best.Metric} {best.Value:G5} by {best.Name}#{best.Job}{(best.Cell is { } cell ? $" ({cell})" : "")}") : "");

    private static IEnumerable<string> Named(ReportReply report, string word, string[] states, int width, Func<string, string> paint)
    {
        var jobs = report.Jobs.Where(job => !job.Rehearsal && states.Contains(job.State)).ToList();
        return
        [
            .. jobs.Take(MostNamed).SelectMany(job => Prose.Lines(
                Of(word), string.Create(CultureInfo.InvariantCulture, $"{job.Name}#{job.Id}{(job.Cell is { } cell ? $" ({cell})" : "")}: {(job.State == "deadline-missed" ? "missed its deadline; " : "")}{job.Reason}"), width - 1, 200)).Select(paint),
            .. jobs.Count > MostNamed ? Prose.Lines(Of(word), string.Create(CultureInfo.InvariantCulture, $"and {jobs.Count - MostNamed} more: orchestrator jobs"), width - 1) : [],
        ];
    }

    private static string Ban(ReportBan ban, DateTimeOffset now, TimeZoneInfo zone) =>
        $"{ban.Host} {(ban.Until is { } until ? $"until {Say.When(until, now, zone)}" : "until it is pardoned")}, by {ban.By}{(ban.Reason is { } reason ? $": {reason}" : "")}";

    private static string Left(ReportReply report, DateTimeOffset now, TimeZoneInfo zone)
    {
        var (live, owed, orphans) = (report.Left.Sum(place => place.Live), report.Left.Sum(place => place.Owed), report.Left.Sum(place => place.Orphans));
        var text = string.Create(CultureInfo.InvariantCulture, $"{live + owed + orphans} {(live + owed + orphans == 1 ? "instance" : "instances")}");
        List<string> kinds = [];
        if (live > 0)
        {
            kinds.Add(string.Create(CultureInfo.InvariantCulture, $"{live} that jobs work on"));
        }

        if (owed > 0)
        {
            kinds.Add(string.Create(CultureInfo.InvariantCulture, $"{owed} TO BE GONE AND NOT CONFIRMED"));
        }

        if (orphans > 0)
        {
            kinds.Add(string.Create(CultureInfo.InvariantCulture, $"{orphans} THAT NO JOB OWNS"));
        }

        var asked = report.Left.Where(place => place.CheckedAt is not null).Select(place => $"{place.Provider} {Say.When(place.CheckedAt, now, zone)}").ToList();
        var unasked = report.Left.Where(place => place.CheckedAt is null).Select(place => place.Provider).ToList();
        return text + (kinds.Count > 0 ? $" ({string.Join(", ", kinds)})" : "")
            + (asked.Count > 0 ? $", checked at {string.Join(", ", asked)}" : "")
            + (unasked.Count > 0 ? $", by our books alone at {string.Join(", ", unasked)}" : "")
            + (report.Alerts > 0 ? string.Create(CultureInfo.InvariantCulture, $" · {report.Alerts} {(report.Alerts == 1 ? "alert waits" : "alerts wait")} for you: orchestrator alerts") : "");
    }

    private static string Minutes(double minutes) => Say.For(TimeSpan.FromMinutes(minutes));

    private static string Date(DateTimeOffset at, TimeZoneInfo zone) => TimeZoneInfo.ConvertTime(at, zone).ToString("ddd d MMM HH:mm", CultureInfo.InvariantCulture);

    private static string Of(string word) => word.PadRight(Lead) + " ";
}
