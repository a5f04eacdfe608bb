using Orchestrator.Planning;
using Orchestrator.Simulation.Worlds;

namespace Orchestrator.Simulation.Reports;

/// <summary>What the plan promised when the first attempt was chosen, against what came true.</summary>
public sealed record Calibration
{
    /// <summary>Worlds that succeeded and had a forecast.</summary>
    public required int Worlds { get; init; }

    public required Side Cost { get; init; }

    public required Side Hours { get; init; }

    /// <param name="Promised">Mean of the expected values.</param>
    /// <param name="Realised">Mean of what came true.</param>
    /// <param name="MedianError">Half of the worlds were off by no more than this share of the promise.</param>
    /// <param name="MedianBias">Of realised less promised, as a share of the promise: above nought, the plan promised too little.</param>
    /// <param name="Within90">Share of the worlds that stayed within the 90 % figure.</param>
    public sealed record Side(double Promised, double Realised, double MedianError, double MedianBias, double Within90);

    public static Calibration? Of(IEnumerable<RunResult> runs)
    {
        var kept = runs.Where(run => run is { Succeeded: true, Promised: not null }).ToList();
        return kept.Count == 0 ? null : new Calibration
        {
            Worlds = kept.Count,
            Cost = Compare(kept, forecast => forecast.Total.MicroDollars / 1e6, run => PolicyReport.Dollars(run.Cost.Total), forecast => forecast.Total90.MicroDollars / 1e6),
            Hours = Compare(kept, forecast => forecast.Time.TotalHours, run => run.Time.TotalHours, forecast => forecast.Time90.TotalHours),
        };
    }

    private static Side Compare(List<RunResult> runs, Func<Forecast, double> promised, Func<RunResult, double> realised, Func<Forecast, double> most)
    {
        var errors = runs.Select(run => (realised(run) - promised(run.Promised!)) / Math.Max(1e-6, promised(run.Promised!))).ToList();
        return new Side(
            Figures.Digits(runs.Average(run => promised(run.Promised!))),
            Figures.Digits(runs.Average(realised)),
            Figures.Digits(Figures.At([.. errors.Select(Math.Abs).Order()], 0.5)),
            Figures.Digits(Figures.At([.. errors.Order()], 0.5)),
            Figures.Digits(runs.Count(run => realised(run) <= most(run.Promised!)) / (double)runs.Count));
    }
}
