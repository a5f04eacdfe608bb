using System.Collections.Concurrent;
using Orchestrator.Batches;
using Orchestrator.Jobs;
using Xunit;
using Xunit.Abstractions;

namespace Orchestrator.Tests.Properties;

public sealed class BatchFleetTests(ITestOutputHelper output)
{
    private const int Fleets = 300;
    private const int Jobs = 5;

    [Fact]
    public void The_budget_the_canary_and_the_parallel_limit_hold_and_every_job_ends()
    {
        var broken = new ConcurrentQueue<(long Seed, string Words)>();
        var (refused, stopped, raised, succeeded, passed, declined) = (0, 0, 0, 0, 0, 0);
        var waits = new ConcurrentDictionary<BatchHoldKind, int>();
        Parallel.For(1L, 1L + Fleets, new ParallelOptions { MaxDegreeOfParallelism = 2 }, seed =>
        {
            var fleet = new BatchFleet(seed, Jobs);
            try
            {
                fleet.Run();
            }
            catch (Exception e) when (e is ViolationException or InvalidOperationException)
            {
                broken.Enqueue((seed, e.Message));
            }

            Interlocked.Add(ref refused, fleet.Refused);
            Interlocked.Add(ref stopped, fleet.Stopped);
            Interlocked.Add(ref raised, fleet.Raised);
            Interlocked.Add(ref passed, fleet.Passed);
            Interlocked.Add(ref declined, fleet.Declined);
            Interlocked.Add(ref succeeded, fleet.Worlds.Count(world => world.State.Phase == JobPhase.Succeeded));
            foreach (var kind in fleet.Waits.Keys)
            {
                waits.AddOrUpdate(kind, 1, (_, count) => count + 1);
            }
        });

        output.WriteLine($"{Fleets} batches of {Jobs}: {string.Join(", ", waits.OrderBy(one => one.Key).Select(one => $"{one.Value} in which a job waited for {one.Key}"))}; "
            + $"{refused} appends refused, {stopped} jobs stopped, {raised} budgets raised, {succeeded} jobs succeeded; {passed} hosts passed on, {declined} were offered in vain");
        Assert.True(broken.IsEmpty, string.Join('\n', broken.OrderBy(b => b.Seed).Take(5).Select(b => $"seed {b.Seed}: {b.Words}")));

        // Worlds in which nothing lacks prove nothing.
        Assert.All(Enum.GetValues<BatchHoldKind>(), kind => Assert.True(waits.GetValueOrDefault(kind) > Fleets / 20, $"{kind}: {waits.GetValueOrDefault(kind)} batches"));
        Assert.True(refused > 25, $"{refused} appends were refused");
        Assert.True(stopped > 25, $"{stopped} jobs were stopped");
        Assert.True(raised > 20, $"{raised} budgets were raised");
        Assert.True(succeeded > Fleets * Jobs / 4, $"{succeeded} succeeded");
        Assert.True(passed > 25, $"{passed} hosts passed on");
        Assert.True(declined > 5, $"{declined} hosts were offered in vain");
    }

    [Theory]
    [InlineData(BatchSabotage.GiverKeepsIt, "an instance has one owner")]
    [InlineData(BatchSabotage.HeirForgetsIt, "every instance is destroyed", "the books know every instance", "a job ends only when nothing is owed")]
    public void A_host_that_passes_by_halves_is_noticed(BatchSabotage sabotage, params string[] rules)
    {
        for (var seed = 1L; seed <= Fleets; seed++)
        {
            try
            {
                new BatchFleet(seed, Jobs, sabotage).Run();
            }
            catch (ViolationException broken)
            {
                Assert.True(rules.Contains(broken.Property), broken.Message);
                return;
            }
            catch (InvalidOperationException)
            {
                // A world that owns what is not on its books does not get far.
            }
        }

        Assert.Fail("nobody noticed");
    }
}
