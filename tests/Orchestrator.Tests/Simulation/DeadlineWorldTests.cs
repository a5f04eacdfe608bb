using System.Collections.Immutable;
using Orchestrator.Offers;
using Orchestrator.Simulation.Markets;
using Orchestrator.Simulation.Worlds;
using Xunit;

namespace Orchestrator.Tests.Simulation;

/// <summary>
/// Jobs with a deadline in whole worlds: planner, kernel and market together. In these worlds estimates are wrong by 15 %, hosts do not
/// boot and are lost, so "feasible" must leave room: where a data centre alone, from the first hour on, needs three quarters of the time.
/// </summary>
public sealed class DeadlineWorldTests
{
    private const int Worlds = 40;

    private static readonly DateTimeOffset _start = new(2026, 11, 20, 18, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(3, 1.3)]
    [InlineData(3, 2)]
    [InlineData(10, 1.5)]
    [InlineData(10, 2.5)]
    [InlineData(30, 1.5)]
    public void A_feasible_deadline_is_made_and_costs_less_than_what_nobody_takes_away(double hours, double slack)
    {
        var due = TimeSpan.FromHours((hours * slack) + 1);
        var job = SimulatorTests.Job(hours, deadline: _start + due);
        foreach (var (make, allowed) in new (Func<int, IMarket>, int)[] { (world => new GeneratedMarket(world, MarketOptions.Of(job.Request.Demand.Gpu, _start)), 1), (_ => new Mixed(), 0) })
        {
            var (feasible, missed) = (0, 0);
            var (ours, sure) = (0L, 0L);
            for (var world = 0; world < Worlds; world++)
            {
                var run = new World(job, Chooser.Ours, make(world), 11, world).Run();
                var reference = new World(job, Chooser.Reliable, make(world), 11, world).Run();
                if (reference.Succeeded && reference.Time <= due * 0.75)
                {
                    feasible++;
                    missed += run.Missed ? 1 : 0;
                }

                (ours, sure) = (ours + run.Cost.Total.MicroDollars, sure + reference.Cost.Total.MicroDollars);
            }

            // On the open market what nobody takes away breaks down too, and the net is made for nine runs of ten.
            Assert.True(missed <= allowed, $"{missed} of {feasible} missed");
            Assert.True(feasible > Worlds / 4, $"only {feasible} worlds say anything");
            Assert.True(ours < sure * 0.9, $"{ours} against {sure}");
        }
    }

    [Fact]
    public void Without_the_net_the_same_worlds_miss_deadlines()
    {
        var job = SimulatorTests.Job(10, deadline: _start.AddHours(14));
        var blind = job with { Terms = job.Terms with { Deadline = null }, Request = job.Request with { Deadline = null } };
        var (feasible, with, without) = (0, 0, 0);
        for (var world = 0; world < Worlds; world++)
        {
            // Where the estimate is too short by more than that, luck alone decides.
            if (new World(job, Chooser.Reliable, new Mixed(), 11, world).Run().Missed)
            {
                continue;
            }

            feasible++;
            with += new World(job, Chooser.Ours, new Mixed(), 11, world).Run().Missed ? 1 : 0;
            var run = new World(blind, Chooser.Ours, new Mixed(), 11, world).Run();
            without += run.Succeeded && run.Time <= TimeSpan.FromHours(14) ? 0 : 1;
        }

        Assert.True(with < without, $"of {feasible} worlds {with} missed with the net, {without} without");
    }

    /// <summary>A data centre with three machines, and a market of bids beside it.</summary>
    private sealed class Mixed : IMarket
    {
        private static readonly ImmutableArray<Offer> _offers =
        [
            .. Enumerable.Range(0, 3).Select(n => Planning.Market.Offer("sure" + n, 0.7 + (n * 0.1)) with { Provider = "runpod", Host = null, Tier = OfferTier.Datacenter, Score = null }),
            .. Enumerable.Range(0, 12).Select(n => Planning.Market.Bid("bid" + n, 0.12 + (n * 0.01), 0.5) with { Score = 0.97 }),
        ];

        public ImmutableArray<Offer> At(DateTimeOffset now) => _offers;
    }
}
