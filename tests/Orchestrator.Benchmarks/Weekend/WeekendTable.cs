using System.Globalization;

namespace Orchestrator.Drills.Weekend;

/// <summary>The closing table.</summary>
internal static class WeekendTable
{
    public static IEnumerable<string> Lines(IReadOnlyList<WeekendResult> results)
    {
        string[][] rows =
        [
            ["JOB", "POLICY", "ENDED", "PROVIDERS", "ATTEMPTS", "INTR", "WASTED", "LEDGER", "BILL", "BEFELL"],
            .. results.Select(one => (string[])
            [
                one.Job, one.Policy, one.State, one.Providers.Count > 0 ? string.Join(',', one.Providers) : "-", Whole(one.Attempts), Whole(one.Interruptions),
                Dollars(one.Wasted), Dollars(one.Ledger), Dollars(one.Bill), one.Befell ?? "-",
            ]),
        ];
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        return rows.Select(row => string.Join("  ", row.Select((cell, column) => column is >= 4 and <= 8 ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]))).TrimEnd());
    }

    private static string Whole(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Dollars(decimal dollars) => dollars.ToString("0.0000", CultureInfo.InvariantCulture);
}
