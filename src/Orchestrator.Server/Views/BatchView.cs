using System.Collections.Immutable;
using System.Globalization;
using Orchestrator.Server.Api;

namespace Orchestrator.Server.Views;

/// <summary><c>orchestrator batch NAME</c>.</summary>
public static class BatchView
{
    /// <summary>More would leave no room for what they mean.</summary>
    private const int MostMetrics = 3;

    /// <summary>Those that any of its jobs reports, by name.</summary>
    public static ImmutableArray<string> Metrics(BatchDetails batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return [.. batch.Jobs.SelectMany(one => one.Job.Progress?.Metrics.Keys ?? []).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    /// <param name="batch">As the server gives it.</param>
    /// <param name="by"><c>number</c>, <c>cost</c> or a metric, of which those that report none come last; null = by number.</param>
    /// <param name="descending">Most first.</param>
    public static BatchDetails Sorted(BatchDetails batch, string? by, bool descending)
    {
        ArgumentNullException.ThrowIfNull(batch);
        Func<BatchJob, double?> key = by switch
        {
            null or "number" => one => one.Job.Batch?.Number,
            "cost" => one => (double)one.Job.Cost,
            _ => one => one.Job.Progress?.Metrics is { } metrics && metrics.TryGetValue(by, out var value) && !double.IsNaN(value) ? value : null,
        };
        var known = batch.Jobs.Where(one => key(one) is not null);
        return batch with { Jobs = [.. descending ? known.OrderByDescending(key) : known.OrderBy(key), .. batch.Jobs.Where(one => key(one) is null)] };
    }

    public static IEnumerable<string> Lines(BatchDetails batch, int width, Paint paint, DateTimeOffset now, TimeZoneInfo zone)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var axes = batch.Jobs.SelectMany(one => Cell(one.Job)).Select(value => value.Name).Distinct(StringComparer.Ordinal).ToList();
        var metrics = Metrics(batch).Take(MostMetrics).ToList();
        var table = new TextTable(
        [
            new("#", 1, IsRight: true), new("JOB", 3), .. axes.Select(axis => new Column(axis, 2)), new("STATE", 7), new("PROGRESS", 8), .. metrics.Select(metric => new Column(metric, 6, IsRight: true)),
            new("COST", 4, IsRight: true), new("WHERE", 6, CanGo: true),
        ]);
        foreach (var (place, job) in batch.Jobs)
        {
            var cell = Cell(job).DistinctBy(value => value.Name).ToDictionary(value => value.Name, value => value.Value, StringComparer.Ordinal);
            table.Add(
                [
                    job.Id.ToString(CultureInfo.InvariantCulture), job.Name, .. axes.Select(axis => cell.GetValueOrDefault(axis, "-")), StateWords.Of(job), JobsView.Progress(job, paint.IsOn),
                    .. metrics.Select(metric => Metric(job, metric)), Say.Dollars(job.Cost), Where(place, job),
                ],
                (column, text) => column == 2 + axes.Count ? paint.State(text, job.State) : text);
        }

        return [.. Prose.Lines("", Head(batch, now, zone), width - 1), .. table.Lines(width, paint)];
    }

    private static string Head(BatchDetails batch, DateTimeOffset now, TimeZoneInfo zone)
    {
        var counted = BatchRow.Counted([.. batch.Jobs.Select(one => one.Job)]);
        return $"{batch.Name} · {batch.Jobs.Length} jobs: {counted} · ${Say.Dollars(batch.Cost)}{(batch.Budget is { } budget ? $" of ${Say.Dollars(budget)}" : "")}"
            + (batch.MaxParallel is { } most ? $" · {most} at one time" : "")
            + (batch.Canary > 0 ? $" · canary {batch.Canary}" : "")
            + (batch.FailFast ? " · fail-fast" : "")
            + $" · submitted {Say.Moment(batch.SubmittedAt, now, zone)} by {batch.Owner}"
            + (batch.EndedAt is { } ended ? $", ended {Say.Moment(ended, now, zone)}" : "");
    }

    private static IEnumerable<(string Name, string Value)> Cell(JobSummary job) =>
        (job.Batch?.Cell?.Split(',') ?? []).Select(value => value.Split('=', 2)).Where(value => value.Length == 2).Select(value => (value[0], value[1]));

    private static string Metric(JobSummary job, string metric) =>
        job.Progress?.Metrics is { } metrics && metrics.TryGetValue(metric, out var value) ? value.ToString("G5", CultureInfo.InvariantCulture) : "-";

    private static string Where(int? place, JobSummary job) => job.Where
        ?? (place is { } at && !Words.IsEnded(job.State) ? string.Create(CultureInfo.InvariantCulture, $"place {at} in line: {job.Reason}") : job.State is "succeeded" ? "-" : job.Reason);
}
