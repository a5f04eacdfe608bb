using System.Collections.Immutable;
using System.Globalization;
using Orchestrator.Server.Api;

namespace Orchestrator.Server.Views;

/// <summary>
/// The choices of a plan. What offer and bid it is can always be read and copied; where the screen is narrow, parts of the
/// price are summed under OTHER, so that a row adds up to its total at any width.
/// </summary>
internal static class PlanTable
{
    private const int Shown = 5;

    /// <summary>From wide to narrow: parts that have a column of their own, and which columns beside them.</summary>
    private static readonly ImmutableArray<Layout> _layouts =
    [
        .. Enumerable.Range(1, 6).Reverse().Select(parts => new Layout(parts)),
        new(0), new(0, HasNotes: false), new(0, HasNotes: false, Has90: false), new(0, HasNotes: false, Has90: false, HasTime: false),
    ];

    private static readonly ImmutableArray<(string Title, Func<PlanChoice, decimal?> Of)> _parts =
    [
        ("COMPUTE", choice => choice.Compute), ("LOST", choice => choice.LostWork), ("DISK", choice => choice.Disk),
        ("MOVES", choice => choice.Moves), ("EGRESS", choice => choice.StoreEgress), ("NO BOOT", choice => choice.NeverBoots),
    ];

    public static IEnumerable<string> Lines(PlanReply plan, int width, Paint paint)
    {
        var rows = Rows(plan);
        var tables = _layouts.Select(layout => Table(rows, layout, paint));
        // Most rows have no note, and nothing should stand behind their last figure.
        return (tables.FirstOrDefault(table => table.Width <= width) ?? Table(rows, _layouts[^1], paint)).Lines(width, paint).Select(line => line.TrimEnd());
    }

    public static string Name(PlanChoice choice) => Clean.Line($"{choice.Provider} {choice.Offer}", 80);

    private static ImmutableArray<Row> Rows(PlanReply plan)
    {
        var rows = plan.Choices.Take(Shown).Select((choice, at) => (choice, Rank: at + 1)).ToList();
        foreach (var other in new[] { plan.Fastest, plan.CheapestHour }.OfType<PlanChoice>())
        {
            if (!rows.Exists(row => IsSame(row.choice, other)))
            {
                rows.Add((other, plan.Choices.ToList().FindIndex(choice => IsSame(choice, other)) + 1));
            }
        }

        return [.. rows.Select(row => new Row(row.Rank > 0 ? row.Rank.ToString(CultureInfo.InvariantCulture) : "-", row.choice, Note(plan, row.choice), Cents.Of(PartsOf(row.choice))))];
    }

    private static string Note(PlanReply plan, PlanChoice choice) => string.Join(", ", new[]
    {
        plan.Fastest is { } fastest && IsSame(fastest, choice) ? "fastest" : "",
        plan.CheapestHour is { } hour && IsSame(hour, choice) && plan.RankedBy != "hourly" ? "cheapest hour" : "",
        choice.MissesDeadline ? "too late" : "",
    }.Where(word => word.Length > 0));

    /// <summary>The same offer at the same bid.</summary>
    internal static bool IsSame(PlanChoice one, PlanChoice other) => (one.Provider, one.Offer, one.Capacity, one.Bid) == (other.Provider, other.Offer, other.Capacity, other.Bid);

    private static TextTable Table(ImmutableArray<Row> rows, Layout layout, Paint paint)
    {
        var columns = Columns(rows, layout);
        var table = new TextTable([.. columns.Select(column => column.Column)]);
        foreach (var (row, at) in rows.Select((row, at) => (row, at)))
        {
            table.Add(columns.Select(column => column.Cell(row)), at == 0 ? (_, cell) => paint.Strong(cell) : null);
        }

        return table;
    }

    private static List<(Column Column, Func<Row, string> Cell)> Columns(ImmutableArray<Row> rows, Layout layout)
    {
        List<(Column Column, Func<Row, string> Cell)> columns = [(new("#", 1), row => row.Rank), (new("OFFER", 12), row => Name(row.Choice))];
        columns.Add((new("GPU", 8, CanGo: true), row => Cards(row.Choice)));
        if (rows.Any(row => row.Choice.Bid is not null))
        {
            columns.Add((new("BID", 5, IsRight: true), row => row.Choice.Bid is { } bid ? Price(bid) : ""));
        }

        columns.Add((new("$/h", 5, IsRight: true), row => Price(row.Choice.PerHour)));
        if (rows.All(row => row.Choice.Total is null))
        {
            return columns;
        }

        if (layout.HasTime)
        {
            columns.Add((new("DONE IN", 7, IsRight: true), row => row.Choice.MedianSeconds is { } seconds ? Say.For(TimeSpan.FromSeconds(seconds)) : "-"));
        }

        columns.AddRange(Parts(rows, layout.Parts));
        columns.Add((new("TOTAL", 6, IsRight: true), row => row.Choice.Total is null ? "-" : "$" + Say.Dollars(row.Parts.Sum())));
        if (layout.Has90)
        {
            columns.Add((new("AT 90 %", 7, IsRight: true), row => row.Choice.Total90 is { } most ? "$" + Say.Dollars(most) : "-"));
        }

        if (layout.HasNotes && rows.Any(row => row.Note.Length > 0))
        {
            columns.Add((new("", 1), row => row.Note));
        }

        return columns;
    }

    /// <summary>Those that cost something somewhere; the first of them each by itself, the rest together.</summary>
    private static IEnumerable<(Column Column, Func<Row, string> Cell)> Parts(ImmutableArray<Row> rows, int alone)
    {
        if (alone == 0)
        {
            yield break;
        }

        var counted = Enumerable.Range(0, _parts.Length).Where(part => part == 0 || rows.Any(row => row.Parts[part] > 0)).ToList();
        // One part under OTHER would be none the narrower.
        var own = counted.Count - alone <= 1 ? counted.Count : alone;
        foreach (var part in counted.Take(own))
        {
            yield return (new(_parts[part].Title, 4, IsRight: true), row => Say.Dollars(row.Parts[part]));
        }

        if (counted.Count > own)
        {
            yield return (new("OTHER", 4, IsRight: true), row => Say.Dollars(counted.Skip(own).Sum(part => row.Parts[part])));
        }
    }

    private static ImmutableArray<decimal> PartsOf(PlanChoice choice) => [.. _parts.Select(part => part.Of(choice) ?? 0)];

    private static string Cards(PlanChoice choice) => choice.GpuCount switch
    {
        0 => "none",
        1 => choice.Gpu ?? "1 GPU",
        _ => $"{choice.GpuCount} x {choice.Gpu}",
    };

    private static string Price(decimal dollars) => dollars.ToString("0.000", CultureInfo.InvariantCulture);

    /// <param name="Rank">What --explain takes; "-" = beyond those that have one.</param>
    /// <param name="Choice">The offer.</param>
    /// <param name="Note">Why it is shown.</param>
    /// <param name="Parts">Of its price, in whole cents that add up.</param>
    private sealed record Row(string Rank, PlanChoice Choice, string Note, ImmutableArray<decimal> Parts);

    private sealed record Layout(int Parts, bool HasNotes = true, bool Has90 = true, bool HasTime = true);
}
