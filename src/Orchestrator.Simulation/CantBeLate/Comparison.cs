using System.Collections.Immutable;
using Orchestrator.Recovery.Deadlines;
using Orchestrator.Simulation.Traces;

namespace Orchestrator.Simulation.CantBeLate;

/// <summary>Runs every policy over every window that a table needs; a window, deadline and overhead that rows share runs once.</summary>
public static class Comparison
{
    private const double Hour = 3600;

    private enum Part
    {
        Published,
        HeldOut,
        Reversed,
    }

    public static CantBeLateReport Run(ImmutableSortedDictionary<string, EnvironmentWindows> environments, ImmutableArray<Variant> variants)
    {
        var setups = variants.Select(v => (v.Work, v.Deadline, v.Overhead)).Distinct().ToArray();
        var cells = (from part in Enum.GetValues<Part>()
                     from setup in setups
                     from environment in variants.Where(v => (v.Work, v.Deadline, v.Overhead) == setup).SelectMany(v => v.Environments).Distinct()
                     select (part, setup, environment)).ToArray();
        // A table serves all runs of its setup; no more than one setup's is alive at a time.
        var runs = setups.SelectMany(setup =>
        {
            Dictionary<double, Lazy<CostToGo>> tables = [];
            return cells.Where(cell => cell.setup == setup).AsParallel().Select(cell =>
                (cell, runs: Runs(WindowsOf(environments[cell.environment], setup.Deadline * Hour, cell.part), setup, cell.part, tables))).ToArray();
        }).ToDictionary(cell => cell.cell, cell => cell.runs);

        ImmutableArray<VariantResult> Rows(Part part) =>
            [.. variants.Select(v => Row(v, [.. v.Environments.SelectMany(e => runs[(part, (v.Work, v.Deadline, v.Overhead), e)])])).Where(row => row.N > 0)];
        return new CantBeLateReport(Rows(Part.Published), Rows(Part.HeldOut), Rows(Part.Reversed));
    }

    private static ImmutableArray<AvailabilityTrace> WindowsOf(EnvironmentWindows windows, double deadline, Part part) => part == Part.HeldOut ? windows.SecondHalf(deadline) : windows.Published(deadline);

    /// <summary>By run: the five columns of others and of the optimum, ours, and whether ours was late.</summary>
    private static ImmutableArray<(double[] Costs, bool Missed)> Runs(
        ImmutableArray<AvailabilityTrace> traces, (double Work, double Deadline, double Overhead) setup, Part part, Dictionary<double, Lazy<CostToGo>> tables)
    {
        var runs = ImmutableArray.CreateBuilder<(double[], bool)>(traces.Length);
        foreach (var trace in traces)
        {
            var task = new TaskSetup(setup.Work * Hour, setup.Deadline * Hour, setup.Overhead * Hour, trace.GapSeconds);
            var run = part == Part.Reversed ? trace.Slice(0, task.Ticks).Reversed() : trace;
            var journey = Ours.JourneyOf(task);
            var ours = SingleRegion.Run(task, run, new Ours(task, AvailabilityModels.OfOnePlace, journey, TableOf(tables, task, journey)));
            ITickPolicy[] others = [new OnDemandOnly(), new SpotElseOnDemand(), new Greedy(task), new UniformProgress(task)];
            runs.Add(([.. others.Select(other => SingleRegion.Run(task, run, other).Cost), ours.Cost, Optimum.Cost(task, run)], ours.Missed));
        }

        return runs.MoveToImmutable();
    }

    private static CostToGo TableOf(Dictionary<double, Lazy<CostToGo>> tables, TaskSetup task, Journey journey)
    {
        Lazy<CostToGo>? table;
        lock (tables)
        {
            if (!tables.TryGetValue(task.Gap, out table))
            {
                tables[task.Gap] = table = new(() => new CostToGo(AvailabilityModels.OfOnePlace, journey, task.Gap));
            }
        }

        return table.Value;
    }

    private static VariantResult Row(Variant variant, ImmutableArray<(double[] Costs, bool Missed)> runs)
    {
        // To the cent, as the published tables are.
        double Mean(int column) => runs.IsEmpty ? 0 : Math.Round(runs.Average(run => run.Costs[column]), 2);
        return new VariantResult(variant.Name, runs.Length, Mean(0), Mean(1), Mean(2), Mean(3), Mean(4), Mean(5), runs.Count(run => run.Missed));
    }
}
