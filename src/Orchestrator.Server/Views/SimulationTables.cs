using System.Collections.Immutable;
using Orchestrator.Simulation.CantBeLate;
using Orchestrator.Simulation.MultiZone;

namespace Orchestrator.Server.Views;

/// <summary>What <c>simulate</c> prints for people.</summary>
public static class SimulationTables
{
    public static IEnumerable<string> CantBeLate(CantBeLateReport report, int width, Paint paint)
    {
        foreach (var (title, rows) in new[] { ("published windows", report.Variants), ("held out: second half of the time axis", report.HeldOut), ("published windows, reversed", report.Reversed) })
        {
            if (rows.IsEmpty)
            {
                continue;
            }

            yield return title;
            foreach (var line in Rows(rows).Lines(width, paint))
            {
                yield return line;
            }

            yield return $"mean of ours {rows.Average(row => row.Ours):F2}, of Uniform Progress {rows.Average(row => row.UniformProgress):F2}, of the optimum {rows.Average(row => row.Optimal):F2}";
            yield return "";
        }
    }

    public static IEnumerable<string> MultiZone(MultiZoneReport report, int width, Paint paint)
    {
        var table = new TextTable(
            new("POLICY", 8), new("MEAN", 6, true), new("WITH LAST TICK", 6, true, true), new("MISSES", 6, true), new("BY WINDOW", 10, false, true));
        foreach (var policy in report.Policies)
        {
            table.Add([policy.Name, $"{policy.MeanCost:F2}", $"{policy.MeanPaid:F2}", $"{policy.Misses}", string.Join(' ', policy.Windows.Select(window => $"{window.Cost:F2}"))]);
        }

        return table.Lines(width, paint);
    }

    private static TextTable Rows(ImmutableArray<VariantResult> rows)
    {
        var table = new TextTable(
            new("VARIANT", 18), new("RUNS", 4, true, true), new("ON-DEMAND", 6, true, true), new("SPOT-ELSE", 6, true, true), new("GREEDY", 6, true),
            new("UNIFORM", 7, true), new("OURS", 6, true), new("OPTIMUM", 7, true), new("CLOSED", 6, true), new("MISSES", 6, true));
        foreach (var row in rows)
        {
            table.Add([
                row.Name, $"{row.N}", $"{row.OnDemand:F2}", $"{row.SpotElseOnDemand:F2}", $"{row.Greedy:F2}", $"{row.UniformProgress:F2}",
                $"{row.Ours:F2}", $"{row.Optimal:F2}", row.Closed is { } closed ? $"{closed * 100:F0} %" : "-", $"{row.Misses}"]);
        }

        return table;
    }
}
