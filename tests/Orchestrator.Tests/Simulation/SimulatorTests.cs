using System.Collections.Immutable;
using Orchestrator.Jobs;
using Orchestrator.Offers;
using Orchestrator.Planning;
using Orchestrator.Simulation.Markets;
using Orchestrator.Simulation.Reports;
using Orchestrator.Simulation.Worlds;
using Xunit;

namespace Orchestrator.Tests.Simulation;

public sealed class SimulatorTests
{
    private static readonly DateTimeOffset _start = new(2026, 11, 20, 18, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_same_seed_gives_the_same_report_however_many_threads_there_are()
    {
        var job = Job();
        var once = Text(Simulator.Run(job, null, new SimulationOptions { Worlds = 12, Seed = 3, Parallel = 1 }));
        Assert.Equal(once, Text(Simulator.Run(job, null, new SimulationOptions { Worlds = 12, Seed = 3, Parallel = 4 })));
        Assert.NotEqual(once, Text(Simulator.Run(job, null, new SimulationOptions { Worlds = 12, Seed = 4, Parallel = 1 })));
    }

    [Fact]
    public void Every_world_ends_and_its_parts_add_up()
    {
        var report = Simulator.Run(Job(), null, new SimulationOptions { Worlds = 20, Seed = 1, Parallel = 1 });
        foreach (var policy in report.Policies)
        {
            Assert.Equal(20, policy.Succeeded);
            Assert.All(policy.Runs, run =>
            {
                Assert.True(run.Cost.Compute > Money.Zero);
                Assert.True(run.Cost.Total < Money.FromDollars(60), $"{policy.Name} in world {run.World}: {run.Cost.Total}");
                Assert.True(run.Attempts >= 1 && run.Interruptions < run.Attempts);
                Assert.InRange(run.Ticks, 5, 2_000);
            });
        }
    }

    [Fact]
    public void Ours_costs_less_than_the_cheapest_hour_and_far_less_than_a_data_centre()
    {
        var report = Simulator.Run(Job(hours: 10), null, new SimulationOptions { Worlds = 60, Seed = 2, Parallel = 1 });
        Assert.All(report.Comparisons, comparison => Assert.True(comparison.Saved.Mean > 0, $"against {comparison.Against}: {comparison.Saved}"));
        Assert.True(report.Comparisons.Single(comparison => comparison.Against == Chooser.Reliable.Name).Share > 0.3);
    }

    [Fact]
    public void The_whole_bill_never_passes_the_budget_by_more_than_a_moment()
    {
        // Large data, checkpoints and disk on hosts that charge for each; too little for most worlds.
        var job = Job(hours: 20, budget: 9);
        job = job with { Request = job.Request with { Sizes = new WorkSizes { Data = ByteSize.FromGigabytes(40), Checkpoint = ByteSize.FromGigabytes(20) }, StoreEgressPerGB = Money.FromDollars(0.02m) } };
        var report = Simulator.Run(job, null, new SimulationOptions { Worlds = 12, Seed = 5, Choosers = [Chooser.Ours, Chooser.CheapestHour, Chooser.OnDemand], Parallel = 1 });
        foreach (var run in report.Policies.SelectMany(policy => policy.Runs))
        {
            Assert.True(run.Cost.Total <= Money.FromDollars(9.03m), $"world {run.World}: {run.Cost}");
        }
    }

    [Fact]
    public void Checkpoints_bound_what_an_interruption_costs()
    {
        var with = Simulator.Run(Job(hours: 20), null, new SimulationOptions { Worlds = 20, Seed = 6, Choosers = [Chooser.CheapestHour], Parallel = 1 });
        var without = Simulator.Run(Job(hours: 20, checkpoints: false), null, new SimulationOptions { Worlds = 20, Seed = 6, Choosers = [Chooser.CheapestHour], Parallel = 1 });
        Assert.True(with.Policies[0].LostHours.Mean < without.Policies[0].LostHours.Mean);
        Assert.All(with.Policies[0].Runs, run => Assert.True(run.LostWork.TotalHours <= (run.Interruptions + 1) * 2.5, $"world {run.World}: {run.LostWork} in {run.Interruptions} interruptions"));
    }

    [Fact]
    public void A_recorded_market_is_lived_in_as_it_was()
    {
        var market = new RecordedMarket(CheckedInMarket.Read());
        var report = Simulator.Run(Job(), market, new SimulationOptions { Worlds = 10, Seed = 1, Parallel = 2 });
        Assert.Equal("generated", report.Market);
        Assert.All(report.Policies[1].Runs, run => Assert.Equal(report.Policies[1].Runs[0].FirstOffer!.Id, run.FirstOffer!.Id));
    }

    [Fact]
    public void Where_nothing_fits_the_world_says_so_and_ends()
    {
        var job = Job(card: "B300");
        var run = Assert.Single(Simulator.Run(job, null, new SimulationOptions { Worlds = 1, Choosers = [Chooser.Ours] }).Policies[0].Runs);
        Assert.Equal(JobPhase.Waiting, run.Phase);
        Assert.Equal(Money.Zero, run.Cost.Total);
        Assert.Contains("no offer fits", run.Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(12345.6, 12346)]
    [InlineData(1.23456, 1.235)]
    [InlineData(0.00123456, 0.001235)]
    [InlineData(-45.6789, -45.68)]
    [InlineData(0, 0)]
    public void Figures_have_four_digits(double value, double shown) => Assert.Equal(shown, Figures.Digits(value), 12);

    [Fact]
    public void The_picture_is_well_formed_and_shows_every_policy()
    {
        var report = Simulator.Run(Job() with { Name = "a<b" }, null, new SimulationOptions { Worlds = 8, Seed = 1 });
        var svg = System.Xml.Linq.XDocument.Parse(ReportSvg.Of(report));
        Assert.Equal(2 * (report.Policies.Length - 1), svg.Descendants().Count(element => element.Name.LocalName == "polyline"));
        Assert.Contains(svg.Descendants(), element => element.Value.StartsWith("a<b", StringComparison.Ordinal));
    }

    internal static SimulatedJob Job(double hours = 6, decimal budget = 200, bool checkpoints = true, string card = "RTX 4090", DateTimeOffset? deadline = null)
    {
        var terms = new JobTerms { HasImage = true, MaxTotal = Money.FromDollars(budget), HasCheckpoints = checkpoints, CanRequestCheckpoint = checkpoints, Deadline = deadline };
        return new SimulatedJob("job", terms, new PlanRequest
        {
            Now = _start,
            Demand = new JobDemand { Gpu = [new GpuRequirement { Model = card }], Resources = new ResourceRequest(), NeedsImage = true },
            Work = new WorkLeft { Time = TimeSpan.FromHours(hours), Gpu = card, Source = WorkSource.Spec },
            Rhythm = new RhythmTerms { HasCheckpoints = checkpoints, Every = new CheckpointRhythm { Kind = RhythmKind.Auto } },
            BudgetLeft = terms.MaxTotal,
            Deadline = deadline,
            MaxChoices = 8,
        });
    }

    private static string Text(SimulationReport report) => string.Join('\n', ReportText.Lines(report));
}
