using System.Collections.Immutable;
using System.Globalization;
using Orchestrator.Batches;
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

    /// <summary>The variables of its matrix, in their order there.</summary>
    public static ImmutableArray<string> Axes(BatchDetails batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return [.. batch.Jobs.SelectMany(one => Cell(one.Job)).Select(value => value.Name).Distinct(StringComparer.Ordinal)];
    }

    public static IEnumerable<string> Lines(BatchDetails batch, int width, Paint paint, DateTimeOffset now, TimeZoneInfo zone)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var axes = Axes(batch);
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
                    .. metrics.Select(metric => Metric(job, metric)), Say.Dollars(job.Cost), Line(place, job),
                ],
                (column, text) => column == 2 + axes.Length ? paint.State(text, job.State) : text);
        }

        return [.. Prose.Lines("", Head(batch, now, zone), width - 1), .. table.Lines(width, paint)];
    }

    private static string Head(BatchDetails batch, DateTimeOffset now, TimeZoneInfo zone)
    {
        var counted = BatchSum.CountedOf([.. batch.Jobs.Select(one => one.Job)]);
        return $"{batch.Name} · {batch.Jobs.Length} jobs: {counted} · ${Say.Dollars(batch.Cost)}{(batch.Budget is { } budget ? $" of ${Say.Dollars(budget)}" : "")}"
            + (batch.MaxParallel is { } most ? $" · {most} at one time" : "")
            + (batch.Canary > 0 ? $" · canary {batch.Canary}" : "")
            + (batch.FailFast ? " · fail-fast" : "")
            + $" · submitted {Say.Moment(batch.SubmittedAt, now, zone)} by {batch.Owner}"
            + (batch.EndedAt is { } ended ? $", ended {Say.Moment(ended, now, zone)}" : "");
    }

    /// <summary>The values of the matrix that a job is run with.</summary>
    internal static IEnumerable<(string Name, string Value)> Cell(JobSummary job) =>
        job.Batch?.Cell is { } cell ? MatrixCell.Parse(cell).Values.Select(value => (value.Key, value.Value)) : [];

    internal static string Metric(JobSummary job, string metric) =>
        job.Progress?.Metrics is { } metrics && metrics.TryGetValue(metric, out var value) ? value.ToString("G5", CultureInfo.InvariantCulture) : "-";

    /// <summary>Where it is, or what it waits for, with its place in line.</summary>
    internal static string Line(int? place, JobSummary job) => job.Where
        ?? (place is { } at && !Words.IsEnded(job.State) ? string.Create(CultureInfo.InvariantCulture, $"place {at} in line: {job.Reason}") : job.State is "succeeded" ? "-" : job.Reason);
}
