using Orchestrator.Simulation.MultiZone;
using Orchestrator.Simulation.Traces;
using Xunit;

namespace Orchestrator.Tests.Simulation;

public sealed class MultiZoneTests
{
    private const double Hour = 3600;

    private static readonly int[] Windows = [3318, 5530, 7742, 8848, 15484];

    private static MultiZoneSetup Published { get; } =
        new(ZoneFiles.Read(TraceFiles.AwsV100(), ["us-east-1c", "us-east-2b", "us-west-2a"]), 39.94 * Hour, 59.91 * Hour, 0.2 * Hour, 50);

    [Fact]
    public void Uniform_progress_equals_the_published_mean()
    {
        var runs = Windows.Select(start => ZoneRun.Play(Published, start, new ZoneUniformProgress(Published))).ToArray();
        Assert.Equal(47.02, Math.Round(runs.Average(run => run.Published), 2));
        Assert.DoesNotContain(runs, run => run.Missed);
        Assert.All(runs, run => Assert.True(run.Paid > run.Published));
    }

    [Fact]
    public void Ours_is_in_time_and_cheaper_than_the_published_best()
    {
        var runs = Windows.Select(start => ZoneRun.Play(Published, start, new ZoneOurs(Published, start))).ToArray();
        Assert.DoesNotContain(runs, run => run.Missed);
        Assert.True(runs.Average(run => run.Published) < 41.73);
    }

    [Fact]
    public void Nothing_is_cheaper_than_the_optimum()
    {
        var day = Published with { Work = 4 * Hour, Deadline = 6 * Hour };
        foreach (var start in Windows)
        {
            var least = ZoneOptimum.Cost(day, start, billsLast: true);
            Assert.True(least <= ZoneRun.Play(day, start, new ZoneUniformProgress(day)).Paid + 1e-6);
            Assert.True(least <= ZoneRun.Play(day, start, new ZoneOurs(day, start)).Paid + 1e-6);
        }
    }

    [Fact]
    public void A_zone_without_a_trace_is_named() =>
        Assert.Contains("eu-west-9z", Assert.Throws<InvalidDataException>(() => ZoneFiles.Read(TraceFiles.AwsV100(), ["eu-west-9z"])).Message, StringComparison.Ordinal);
}
