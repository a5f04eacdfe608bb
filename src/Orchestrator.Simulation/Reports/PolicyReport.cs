using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Orchestrator.Simulation.Worlds;

namespace Orchestrator.Simulation.Reports;

/// <summary>How one policy fared over all worlds.</summary>
public sealed record PolicyReport
{
    public required string Name { get; init; }

    public required int Worlds { get; init; }

    /// <summary>Worlds in which the job succeeded.</summary>
    public required int Succeeded { get; init; }

    /// <summary>Worlds in which it missed its deadline.</summary>
    public required int Misses { get; init; }

    /// <summary>Dollars, all parts, whatever the end.</summary>
    public required Figures Cost { get; init; }

    /// <summary>Hours from submission to the end of those that succeeded.</summary>
    public required Figures Hours { get; init; }

    /// <summary>Hours of training done again.</summary>
    public required Figures LostHours { get; init; }

    public required double Interruptions { get; init; }

    public required double Attempts { get; init; }

    /// <summary>Mean dollars per part.</summary>
    public required ImmutableSortedDictionary<string, double> Parts { get; init; }

    /// <summary>How the others ended, and how many did.</summary>
    public required ImmutableSortedDictionary<string, int> Ends { get; init; }

    public required Histogram CostHistogram { get; init; }

    public required Histogram HoursHistogram { get; init; }

    [JsonIgnore]
    public ImmutableArray<RunResult> Runs { get; init; } = [];

    public static PolicyReport Of(string name, ImmutableArray<RunResult> runs, double costWidth, double hoursWidth)
    {
        var done = runs.Where(run => run.Succeeded).ToList();
        var costs = runs.Select(run => Dollars(run.Cost.Total)).ToList();
        var hours = done.Select(run => run.Time.TotalHours).ToList();
        return new PolicyReport
        {
            Name = name,
            Worlds = runs.Length,
            Succeeded = done.Count,
            Misses = runs.Count(run => run.Missed),
            Cost = Figures.Of(costs),
            Hours = Figures.Of(hours),
            LostHours = Figures.Of([.. runs.Select(run => run.LostWork.TotalHours)]),
            Interruptions = Mean(runs, run => run.Interruptions),
            Attempts = Mean(runs, run => run.Attempts),
            Parts = new Dictionary<string, double>
            {
                ["compute"] = Mean(runs, run => Dollars(run.Cost.Compute)),
                ["disk"] = Mean(runs, run => Dollars(run.Cost.Disk)),
                ["moves"] = Mean(runs, run => Dollars(run.Cost.Moves)),
                ["store-egress"] = Mean(runs, run => Dollars(run.Cost.StoreEgress)),
            }.ToImmutableSortedDictionary(StringComparer.Ordinal),
            Ends = runs.Where(run => !run.Succeeded).GroupBy(run => run.Phase.ToString())
                .ToImmutableSortedDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal),
            CostHistogram = Histogram.Of(costs, costWidth),
            HoursHistogram = Histogram.Of(hours, hoursWidth),
            Runs = runs,
        };
    }

    internal static double Dollars(Money money) => money.MicroDollars / 1e6;

    private static double Mean(ImmutableArray<RunResult> runs, Func<RunResult, double> of) => Figures.Digits(runs.Sum(of) / Math.Max(1, runs.Length));
}
