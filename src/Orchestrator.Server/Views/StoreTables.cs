using System.Globalization;
using Orchestrator.Server.Api;

namespace Orchestrator.Server.Views;

/// <summary>The tables of <c>store</c>.</summary>
public static class StoreTables
{
    public static IEnumerable<string> List(IReadOnlyList<StoreView> stores, int width, Paint paint, DateTimeOffset now, TimeZoneInfo zone)
    {
        var table = new TextTable(new("STORE", 6), new("PLACE", 12), new("PROFILE", 6, CanGo: true), new("$/GB OUT", 5, IsRight: true, CanGo: true), new("TRIED", 5, CanGo: true), new("STATE", 8));
        foreach (var store in stores)
        {
            table.Add(
                [
                    store.IsDefault ? store.Name + " (default)" : store.Name, store.Place, store.Profile, store.EgressPerGb.ToString("0.###", CultureInfo.InvariantCulture),
                    Say.When(store.TriedAt, now, zone), store.Problem is { } problem ? problem : store.State,
                ],
                (column, cell) => column != 5 ? cell : store.State switch { "ok" => paint.Good(cell), "bad" => paint.Bad(cell), _ => cell });
        }

        return table.Lines(width, paint);
    }

    public static IEnumerable<string> Usage(StoreUsageReport report, int width, Paint paint)
    {
        var table = new TextTable(new("STORE", 6), new("JOB", 8), new("OBJECTS", 7, IsRight: true), new("SIZE", 7, IsRight: true));
        foreach (var row in report.Rows)
        {
            table.Add([row.Store, row.Job ?? "(code and data)", Say.Count(row.Objects), Say.Size(row.Bytes)]);
        }

        if (report.Rows.Length > 1)
        {
            table.Add(["all", "", Say.Count(report.Rows.Sum(row => row.Objects)), Say.Size(report.Rows.Sum(row => row.Bytes))]);
        }

        return (report.Rows.IsEmpty ? ["nothing of ours is stored"] : table.Lines(width, paint)).Concat(report.Notes.Select(note => paint.Warn(Clean.Line(note, 1_000))));
    }
}
