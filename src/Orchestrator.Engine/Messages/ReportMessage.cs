using System.Collections.Immutable;
using System.Globalization;
using Orchestrator.Engine.Reports;
using Orchestrator.Jobs;

namespace Orchestrator.Engine.Messages;

/// <summary>The weekend on a phone: the facts of the report, in as few lines as they take.</summary>
public static class ReportMessage
{
    private const int MostNamed = 3;

    /// <returns>Null: nothing ran, and nobody is told so.</returns>
    /// <param name="key">Of the week.</param>
    /// <param name="report">Of its weekend.</param>
    /// <param name="zone">Of the hours in it.</param>
    public static NewMessage? Of(string key, Report report, TimeZoneInfo zone)
    {
        ArgumentNullException.ThrowIfNull(report);
        if (!report.HasRun)
        {
            return null;
        }

        var (done, failed) = (report.Count(JobPhase.Succeeded), report.Count(JobPhase.Failed, JobPhase.DeadlineMissed));
        List<string> lines = [Counts(report, done, failed), Money(report)];
        if (report.Interruptions is { Count: > 0 } cut)
        {
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"{cut.Count} {(cut.Count == 1 ? "interruption" : "interruptions")}: {MessageWords.For(cut.Lost)} of training lost, {MessageWords.For(cut.Away)} until it went on"));
        }

        if (report.Providers.Where(share => share.NeverBooted > 0).ToList() is { Count: > 0 } never)
        {
            lines.Add($"{Cents(report.Spent.NeverBooted)} on hosts that never booted: {string.Join(", ", never.Select(share => string.Create(CultureInfo.InvariantCulture, $"{share.Provider} {share.NeverBooted} of {share.Hosts}")))}");
        }

        lines.AddRange(report.Batches.Take(MostNamed).Select(batch => Batch(batch, report.Jobs)));
        var broken = report.Jobs.Where(job => !job.IsRehearsal && job.Batch is null && job.Phase is JobPhase.Failed or JobPhase.DeadlineMissed).ToList();
        lines.AddRange(broken.Take(MostNamed).Select(job => $"failed: {MessageWords.Line(job.Name, 80)}{job.Id}: {MessageWords.Line(job.Reason, 120)}"));
        if (!report.Banned.IsEmpty)
        {
            lines.Add($"banned: {string.Join(", ", report.Banned.Take(MostNamed).Select(ban => MessageWords.Line(ban.Host, 60)))}{(report.Banned.Length > MostNamed ? string.Create(CultureInfo.InvariantCulture, $" and {report.Banned.Length - MostNamed} more") : "")}");
        }

        lines.Add(Left(report, zone));
        lines.AddRange(report.Advice.Take(MostNamed).Select(advice => "- " + MessageWords.Line(advice)));
        lines.Add("orchestrator report weekend");
        return new(key, NotifyTopics.Report, string.Create(CultureInfo.InvariantCulture, $"the weekend: {done} done, {failed} failed, {Cents(report.Spent.Total)} spent"), string.Join('\n', lines));
    }

    private static string Counts(Report report, int done, int failed)
    {
        (int Count, string Word)[] kinds =
        [
            (done, "done"), (failed, "failed"), (report.Count(JobPhase.Active, JobPhase.Recovering), "running"),
            (report.Count(JobPhase.Pending, JobPhase.Scheduled, JobPhase.Waiting), "waiting"), (report.Count(JobPhase.Paused), "paused"), (report.Count(JobPhase.Cancelled), "cancelled"),
        ];
        return string.Join(" · ", kinds.Where(kind => kind.Count > 0 || kind.Word is "done" or "failed").Select(kind => string.Create(CultureInfo.InvariantCulture, $"{kind.Count} {kind.Word}")));
    }

    private static string Money(Report report) => Cents(report.Spent.Total) + (report.Allowed is { } allowed ? $" of {Cents(allowed)}" : "") + report.OnDemand switch
    {
        null => "",
        { Compared: 0 } => " · on demand only: unknown",
        { } figure => $" · on demand only: {Cents(figure.Cost)} instead of {Cents(figure.Instead)} (simulated{(figure.Unknown > 0 ? string.Create(CultureInfo.InvariantCulture, $", {figure.Unknown} unknown") : "")})",
    };

    private static string Batch(ReportedBatch batch, ImmutableArray<ReportedJob> jobs) =>
        string.Create(CultureInfo.InvariantCulture, $"{MessageWords.Line(batch.Name, 80)}: {batch.Done} of {batch.Jobs} done{(batch.Failed > 0 ? $", {batch.Failed} failed" : "")} · {Cents(batch.Spent.Total)}")
            + (batch.Best is { } best ? string.Create(CultureInfo.InvariantCulture, $" · {(best.IsLeast ? "least" : "most")} {MessageWords.Line(best.Metric, 30)} {best.Value:G5}{Cell(jobs, best.Job)}") : "");

    private static string Cell(ImmutableArray<ReportedJob> jobs, long id) => jobs.FirstOrDefault(job => job.Id.Value == id)?.Cell is { } cell ? $" ({MessageWords.Line(cell, 100)})" : string.Create(CultureInfo.InvariantCulture, $" (#{id})");

    private static string Left(Report report, TimeZoneInfo zone)
    {
        var (left, owed) = (report.Places.Sum(place => place.Left), report.Places.Sum(place => place.Owed + place.Orphans));
        var asked = report.Places.Where(place => place.CheckedAt is not null).Select(place => string.Create(CultureInfo.InvariantCulture, $"{place.Provider} {TimeZoneInfo.ConvertTime(place.CheckedAt!.Value, zone):ddd HH:mm}")).ToList();
        return string.Create(CultureInfo.InvariantCulture, $"{left} {(left == 1 ? "instance" : "instances")} left{(owed > 0 ? $", {owed} NOT CONFIRMED GONE" : "")}") + (asked.Count > 0 ? $", checked at {string.Join(", ", asked)}" : "");
    }

    private static string Cents(Money amount) => "$" + amount.Dollars.ToString("0.00", CultureInfo.InvariantCulture);
}
