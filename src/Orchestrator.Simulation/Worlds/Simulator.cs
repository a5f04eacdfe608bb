using System.Collections.Immutable;
using System.Globalization;
using Orchestrator.Determinism;
using Orchestrator.Simulation.Markets;
using Orchestrator.Simulation.Reports;

namespace Orchestrator.Simulation.Worlds;

/// <summary>Runs one job in many worlds, each policy in the same ones.</summary>
public static class Simulator
{
    /// <param name="job">The job.</param>
    /// <param name="recorded">The market of all worlds; null = each world generates its own.</param>
    /// <param name="options">How much.</param>
    /// <param name="cancellation">Stops between two worlds.</param>
    public static SimulationReport Run(SimulatedJob job, RecordedMarket? recorded, SimulationOptions options, CancellationToken cancellation = default)
    {
        var runs = new RunResult[options.Choosers.Length][];
        for (var i = 0; i < runs.Length; i++)
        {
            runs[i] = new RunResult[options.Worlds];
        }

        var market = MarketOptions.Of(job.Request.Demand.Gpu, job.Request.Now);
        Parallel.For(0, options.Worlds, new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, options.Parallel), CancellationToken = cancellation }, world =>
        {
            IMarket offered = recorded is not null ? recorded : new GeneratedMarket(SeedOf(options.Seed, world), market);
            for (var i = 0; i < options.Choosers.Length; i++)
            {
                runs[i][world] = new World(job, options.Choosers[i], offered, options.Seed, world).Run();
            }
        });
        return Report(job, recorded?.Source ?? "generated", options, runs);
    }

    private static SimulationReport Report(SimulatedJob job, string market, SimulationOptions options, RunResult[][] runs)
    {
        var all = runs.SelectMany(results => results).ToList();
        var costWidth = Histogram.WidthFor(all.Select(run => PolicyReport.Dollars(run.Cost.Total)));
        var hoursWidth = Histogram.WidthFor(all.Select(run => run.Time.TotalHours));
        var policies = options.Choosers.Select((chooser, i) => PolicyReport.Of(chooser.Name, [.. runs[i]], costWidth, hoursWidth)).ToImmutableArray();
        return new SimulationReport
        {
            Job = job.Name,
            Worlds = options.Worlds,
            Seed = options.Seed,
            Start = job.Request.Now,
            Market = market,
            Policies = policies,
            Comparisons = [.. policies.Skip(1).Select(other => Comparison.Of(policies[0], other))],
            Calibration = Calibration.Of(policies[0].Runs),
        };
    }

    private static long SeedOf(long seed, int world) =>
        (long)(StableHash.Of("market of world", seed.ToString(CultureInfo.InvariantCulture), world.ToString(CultureInfo.InvariantCulture)) >> 1);
}
