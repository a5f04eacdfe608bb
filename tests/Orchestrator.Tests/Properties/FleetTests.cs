using System.Collections.Concurrent;
using Orchestrator.Jobs;
using Xunit;
using Xunit.Abstractions;

namespace Orchestrator.Tests.Properties;

public sealed class FleetTests(ITestOutputHelper output)
{
    private const int Fleets = 2_500;
    private const int Jobs = 4;

    [Fact]
    public void No_limit_is_passed_and_every_job_ends_in_ten_thousand_worlds_of_four_jobs_each()
    {
        var broken = new ConcurrentQueue<(long Seed, string Words)>();
        var (refused, waits, succeeded) = (0, 0, 0);
        Parallel.For(1L, 1L + Fleets, new ParallelOptions { MaxDegreeOfParallelism = 2 }, seed =>
        {
            var fleet = new Fleet(seed, Jobs);
            try
            {
                fleet.Run();
            }
            catch (Exception e) when (e is ViolationException or InvalidOperationException)
            {
                broken.Enqueue((seed, e.Message));
            }

            Interlocked.Add(ref refused, fleet.Refused);
            Interlocked.Add(ref waits, fleet.Waits > 0 ? 1 : 0);
            Interlocked.Add(ref succeeded, fleet.Worlds.Count(world => world.State.Phase == JobPhase.Succeeded));
        });

        output.WriteLine($"{Fleets} fleets of {Jobs}: {waits} in which a job waited for room, {refused} plans refused at the append, {succeeded} jobs succeeded");
        Assert.True(broken.IsEmpty, string.Join('\n', broken.OrderBy(b => b.Seed).Take(5).Select(b => $"seed {b.Seed}: {b.Words}")));

        // Worlds in which nothing lacks prove nothing.
        Assert.True(waits > Fleets / 3, $"{waits} fleets waited");
        Assert.True(refused > 100, $"{refused} appends were refused");
        Assert.True(succeeded > Fleets * Jobs / 4, $"{succeeded} succeeded");
    }
}
