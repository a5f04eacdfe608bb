using System.Collections.Immutable;
using System.Globalization;
using Orchestrator.Server.Api;

namespace Orchestrator.Server.Views;

/// <summary>The jobs of a batch by any of their columns; those that have nothing there come last.</summary>
public static class BatchSort
{
    /// <summary>Before the name of a variable of the matrix.</summary>
    public const string Matrix = "matrix.";

    private static readonly ImmutableArray<string> _plain = ["number", "cost", "state", "progress", "attempts", "place"];

    private static readonly ImmutableArray<string> _states = ["failed", "deadline-missed", "paused", "recovering", "active", "pending", "scheduled", "waiting", "succeeded", "cancelled"];

    /// <summary>What a batch can be sorted by.</summary>
    public static ImmutableArray<string> Names(BatchDetails batch) => [.. _plain, .. BatchView.Metrics(batch), .. BatchView.Axes(batch).Select(axis => Matrix + axis)];

    /// <param name="batch">As the server gives it.</param>
    /// <param name="by">One of <see cref="Names"/>; null = by number.</param>
    /// <param name="descending">Most first.</param>
    public static BatchDetails By(BatchDetails batch, string? by, bool descending)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var keyed = batch.Jobs.Select(one => (One: one, Key: KeyOf(one, by ?? "number"))).ToList();
        var known = keyed.Where(one => one.Key is not null);
        return batch with { Jobs = [.. (descending ? known.OrderByDescending(one => one.Key) : known.OrderBy(one => one.Key)).Concat(keyed.Where(one => one.Key is null)).Select(one => one.One)] };
    }

    private static (double, string)? KeyOf(BatchJob one, string by) => by switch
    {
        "number" => Figure(one.Job.Batch?.Number),
        "cost" => Figure((double)one.Job.Cost),
        // What needs somebody comes first.
        "state" => Figure(_states.IndexOf(one.Job.State)),
        "progress" => Figure(one.Job.State == "succeeded" ? 1 : one.Job.Progress is { } at ? Say.Share(at.Step, at.Total) : null),
        "attempts" => Figure(one.Job.AttemptCount),
        "place" => Figure(one.Place),
        _ when by.StartsWith(Matrix, StringComparison.Ordinal) => Value(BatchView.Cell(one.Job).FirstOrDefault(value => value.Name == by[Matrix.Length..]).Value),
        _ => one.Job.Progress?.Metrics is { } metrics && metrics.TryGetValue(by, out var value) && !double.IsNaN(value) ? Figure(value) : null,
    };

    private static (double, string)? Figure(double? figure) => figure is { } known ? (known, "") : null;

    /// <summary>Figures by their size, and before words.</summary>
    private static (double, string)? Value(string? value) => value is null ? null
        : double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var figure) && double.IsFinite(figure) ? (figure, value) : (double.MaxValue, value);
}
