using System.Globalization;

namespace Orchestrator.Simulation.Reports;

/// <summary>A report as lines for a terminal.</summary>
public static class ReportText
{
    public static IEnumerable<string> Lines(SimulationReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        yield return Format($"{report.Job}: {report.Worlds} worlds from seed {report.Seed}, market {report.Market}, submitted {report.Start.UtcDateTime:ddd d MMM yyyy HH:mm} UTC");
        yield return "";
        yield return "  policy               done   cost: mean (95 %)        median      p90   hours: mean      p90   lost h   interruptions   misses";
        foreach (var policy in report.Policies)
        {
            yield return Format($"  {policy.Name,-18} {Percent(policy.Succeeded / (double)Math.Max(1, policy.Worlds)),6}   {Money(policy.Cost.Mean),8} (± {Money((policy.Cost.High - policy.Cost.Low) / 2)[1..],6})   {Money(policy.Cost.Median),8} {Money(policy.Cost.P90),8}   {policy.Hours.Mean,11:0.0} {policy.Hours.P90,8:0.0} {policy.LostHours.Mean,8:0.00} {policy.Interruptions,15:0.00} {policy.Misses,8}");
        }

        foreach (var policy in report.Policies.Where(policy => policy.Ends.Count > 0))
        {
            yield return Format($"  {policy.Name}: {string.Join(" · ", policy.Ends.Select(end => Format($"{end.Value} {end.Key}")))}");
        }

        yield return "";
        foreach (var comparison in report.Comparisons)
        {
            yield return Format($"  against {comparison.Against,-18} saves {Percent(comparison.Share),5}   {Money(comparison.Saved.Mean)} a run (95 %: {Money(comparison.Saved.Low)} to {Money(comparison.Saved.High)}), cheaper in {Percent(comparison.CheaperIn)} of the worlds");
        }

        if (report.Policies[0].Parts is { } parts)
        {
            yield return Format($"  parts   {string.Join(" · ", parts.Where(part => part.Value > 0).Select(part => Format($"{part.Key} {Money(part.Value)}")))}");
        }

        if (report.Calibration is { } calibration)
        {
            yield return Side("cost", calibration.Cost, Money);
            yield return Side("hours", calibration.Hours, value => Format($"{value:0.0}"));
        }
    }

    private static string Side(string name, Calibration.Side side, Func<double, string> show) =>
        Format($"  forecast of {name,-6} {show(side.Promised)} promised, {show(side.Realised)} came true on average; half of all worlds within {Percent(side.MedianError)}, the 90 % figure held in {Percent(side.Within90)}");

    private static string Money(double dollars) => Format($"{(dollars < 0 ? "-" : "")}${Math.Abs(dollars):0.00}");

    private static string Percent(double share) => Format($"{share * 100:0} %");

    private static string Format(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
