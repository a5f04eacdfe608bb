using System.Diagnostics;
using Orchestrator.Attempts;
using Orchestrator.Jobs;
using Orchestrator.Reconciling;
using Xunit;
using Xunit.Abstractions;

namespace Orchestrator.Tests.Properties;

public sealed class WorldTests(ITestOutputHelper output)
{
    private const int Worlds = 10_000;

    [Fact]
    public void Every_safety_property_holds_in_ten_thousand_worlds()
    {
        var watch = Stopwatch.StartNew();
        var first = FirstSeed();
        var ticks = 0L;
        var phases = new System.Collections.Concurrent.ConcurrentDictionary<JobPhase, int>();
        var kinds = new System.Collections.Concurrent.ConcurrentDictionary<string, long>();
        var reasons = new System.Collections.Concurrent.ConcurrentDictionary<EndReason, long>();
        var broken = new System.Collections.Concurrent.ConcurrentQueue<(long Seed, string Words)>();
        Parallel.For(first, first + Worlds, new ParallelOptions { MaxDegreeOfParallelism = 2 }, seed =>
        {
            var world = new World(seed);
            try
            {
                world.Run();
                phases.AddOrUpdate(world.State.Phase, 1, (_, n) => n + 1);
                foreach (var e in world.Events)
                {
                    kinds.TryAdd(e.GetType().Name, seed);
                    if (e is AttemptEnded ended)
                    {
                        reasons.TryAdd(ended.Reason, seed);
                    }
                }
            }
            catch (Exception e) when (e is ViolationException or InvalidOperationException)
            {
                broken.Enqueue((seed, e.Message));
            }

            Interlocked.Add(ref ticks, world.Ticks);
        });

        output.WriteLine($"{Worlds} worlds, {ticks} ticks, {watch.Elapsed.TotalSeconds:0.0} s; {string.Join(", ", phases.OrderBy(p => p.Key).Select(p => $"{p.Key} {p.Value}"))}");
        Assert.True(broken.IsEmpty, $"{broken.Count} worlds broke a property:\n{Summary(broken)}");
        // Worlds in which something never happens prove nothing about it. No world restores a backup: NewEpochTests do; and hosts pass between jobs: BatchFleetTests.
        Assert.DoesNotContain(typeof(JobEvent).Assembly.GetTypes(), t => t.IsSubclassOf(typeof(JobEvent)) && t != typeof(EpochBegan) && t != typeof(HostOffered) && t != typeof(HostPassed) && t != typeof(HostTaken) && !kinds.ContainsKey(t.Name));
        Assert.DoesNotContain(Enum.GetValues<EndReason>(), r => r is not EndReason.None and not EndReason.EpochBegan && !reasons.ContainsKey(r));
        Assert.True(phases.GetValueOrDefault(JobPhase.Succeeded) > Worlds / 4, "worlds so hostile that nothing succeeds prove little");
    }

    /// <summary>A line per property: how often, and the smallest seeds to look at.</summary>
    private static string Summary(IEnumerable<(long Seed, string Words)> broken) => string.Join('\n', broken
        .GroupBy(b => b.Words.Split(':')[0])
        .OrderByDescending(g => g.Count())
        .Select(g => g.OrderBy(b => b.Seed).ToArray() is var sorted ? $"{sorted.Length} x seeds {string.Join(' ', sorted.Take(3).Select(b => b.Seed))}: {sorted[0].Words}" : ""));

    /// <summary>Other worlds on request, for a long night: the default is fixed, so that a red build is red again.</summary>
    private static long FirstSeed() => long.TryParse(Environment.GetEnvironmentVariable("ORCHESTRATOR_WORLDS_FROM"), out var seed) ? seed : 1;
}
