using Orchestrator.Recovery.Deadlines;
using Orchestrator.Simulation.CantBeLate;
using Orchestrator.Simulation.Traces;
using Xunit;

namespace Orchestrator.Tests.Simulation;

public sealed class CantBeLateTests
{
    /// <summary>The published means: on-demand, spot-else-on-demand, greedy, Uniform Progress, optimum.</summary>
    private static readonly (string Name, double[] Means)[] Published =
    [
        ("high_tight_small", [147.39, 119.02, 138.53, 125.82, 116.20]),
        ("high_tight_large", [147.90, 139.12, 142.16, 139.11, 125.45]),
        ("high_loose_small", [147.39, 118.66, 122.24, 108.08, 104.04]),
        ("high_loose_large", [147.90, 132.96, 129.30, 122.61, 113.72]),
        ("low_tight_small", [147.39, 81.99, 111.30, 91.49, 77.62]),
        ("low_tight_large", [147.90, 106.97, 115.99, 109.61, 87.30]),
        ("low_loose_small", [147.39, 81.86, 79.45, 66.87, 61.43]),
        ("low_loose_large", [147.90, 88.89, 87.78, 77.53, 68.40]),
        ("mixed_tight_small", [147.39, 100.51, 124.92, 108.66, 96.91]),
        ("mixed_tight_large", [147.90, 123.04, 129.08, 124.36, 106.38]),
        ("mixed_loose_small", [147.39, 100.26, 100.84, 87.48, 82.73]),
        ("mixed_loose_large", [147.90, 110.93, 108.54, 100.07, 91.06]),
    ];

    private static readonly Dictionary<(string Environment, double Deadline, double Overhead), double[][]> Known = [];

    private static readonly Lazy<IReadOnlyDictionary<string, EnvironmentWindows>> Environments = new(() => EnvironmentWindows.Of(TraceFiles.CantBeLate()));

    [Fact]
    public void Columns_equal_the_published_tables_to_the_cent()
    {
        Assert.Equal(Published.Select(row => row.Name), Variant.Published.Select(variant => variant.Name));
        foreach (var (variant, row) in Variant.Published.Zip(Published))
        {
            var runs = variant.Environments.SelectMany(environment => Costs(environment, variant)).ToArray();
            Assert.Equal(variant.Environments.Length * 30, runs.Length);
            for (var column = 0; column < row.Means.Length; column++)
            {
                Assert.Equal(row.Means[column], Math.Round(runs.Average(run => run[column]), 2));
            }
        }
    }

    [Fact]
    public void Ours_is_in_time_and_no_dearer_than_the_better_of_the_published_policies()
    {
        // The tight variants: their tables are small. "simulate cant-be-late" shows all twelve.
        foreach (var overhead in new[] { 0.05, 0.20 })
        {
            var task = new TaskSetup(48 * 3600, 52 * 3600, overhead * 3600, 600);
            var journey = Ours.JourneyOf(task);
            var table = new CostToGo(AvailabilityModels.OfOnePlace, journey, task.Gap);
            foreach (var variant in Variant.Published.Where(v => v.Deadline == 52 && v.Overhead == overhead))
            {
                var traces = variant.Environments.SelectMany(environment => Environments.Value[environment].Published(task.Deadline)).ToArray();
                double Mean(Func<ITickPolicy> policy) => traces.Average(trace =>
                {
                    var result = SingleRegion.Run(task, trace, policy());
                    Assert.False(result.Missed, trace.Name);
                    return result.Cost;
                });
                var ours = Mean(() => new Ours(task, AvailabilityModels.OfOnePlace, journey, table));
                Assert.True(ours <= Math.Min(Mean(() => new UniformProgress(task)), Mean(() => new Greedy(task))), $"{variant.Name}: {ours}");
            }
        }
    }

    [Fact]
    public void What_is_not_a_trace_is_refused_by_name()
    {
        var refused = Assert.Throws<InvalidDataException>(() => TraceReader.Read("zone.json", "{\"metadata\":{\"gap_seconds\":600}}"u8.ToArray()));
        Assert.StartsWith("zone.json is no availability trace", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_recording_read_backwards_twice_is_itself()
    {
        var trace = Environments.Value["us-west-2b_k80_1"].Published(0)[3];
        Assert.Equal(trace.Available, trace.Reversed().Reversed().Available);
    }

    private static double[][] Costs(string environment, Variant variant)
    {
        var key = (environment, variant.Deadline, variant.Overhead);
        if (!Known.TryGetValue(key, out var costs))
        {
            var task = new TaskSetup(variant.Work * 3600, variant.Deadline * 3600, variant.Overhead * 3600, 600);
            Known[key] = costs = [.. Environments.Value[environment].Published(task.Deadline).Select(trace => Costs(task, trace))];
        }

        return costs;
    }

    private static double[] Costs(TaskSetup task, AvailabilityTrace trace)
    {
        ITickPolicy[] policies = [new OnDemandOnly(), new SpotElseOnDemand(), new Greedy(task), new UniformProgress(task)];
        return [.. policies.Select(policy => SingleRegion.Run(task, trace, policy).Cost), Optimum.Cost(task, trace)];
    }
}
