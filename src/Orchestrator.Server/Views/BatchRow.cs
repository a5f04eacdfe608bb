using System.Globalization;

namespace Orchestrator.Server.Views;

/// <summary>A batch as one line of the job list: <c>batch NAME</c> shows its jobs.</summary>
internal static class BatchRow
{
    internal static string[] Cells(BatchSum sum, DateTimeOffset now, TimeZoneInfo zone) =>
    [
        "",
        string.Create(CultureInfo.InvariantCulture, $"{sum.Batch.Name}  {sum.Jobs}"),
        sum.Marks,
        sum.Share is { } share ? $"{Say.Percent(share),5}" : "-",
        Say.When(sum.DoneAt, now, zone),
        sum.Where ?? "-",
        sum.PerHour?.ToString("0.000", CultureInfo.InvariantCulture) ?? "-",
        Say.Spent(sum.Cost, sum.Batch.Budget),
        sum.Saved > TimeSpan.Zero ? Say.For(sum.Saved.Value) : "-",
        sum.Interruptions.ToString(CultureInfo.InvariantCulture),
    ];
}
