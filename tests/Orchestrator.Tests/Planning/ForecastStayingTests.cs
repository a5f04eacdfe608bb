using Orchestrator.Attempts;
using Orchestrator.Determinism;
using Orchestrator.Jobs;
using Orchestrator.Offers;
using Orchestrator.Planning;
using Orchestrator.Planning.Memory;
using Xunit;

namespace Orchestrator.Tests.Planning;

public sealed class ForecastStayingTests
{
    [Fact]
    public void Staying_saves_boot_and_moves_and_an_old_host_is_likelier_to_live_on()
    {
        var offer = Market.Offer("a", 0.4);
        var young = Market.Plan(Market.Request(10) with { Running = new RunningHost(offer, TimeSpan.FromMinutes(5)) }, offer);
        var old = Market.Plan(Market.Request(10) with { Running = new RunningHost(offer, TimeSpan.FromHours(20)) }, offer);

        Assert.True(young.Stay?.Forecast?.Total < young.Choices[0].Forecast?.Total);
        Assert.True(old.Stay?.Forecast?.Interruptions < young.Stay?.Forecast?.Interruptions);
        Assert.Equal("rental ends too soon", Market.Plan(Market.Request(10) with { Running = new RunningHost(offer with { Until = Market.Now.AddHours(2) }, TimeSpan.Zero) }, offer).StayRefused?.Group);
    }

    /// <summary>What it did since its newest checkpoint is done, in hours and in dollars.</summary>
    [Fact]
    public void Who_stays_pays_only_for_the_work_that_is_left()
    {
        var offer = Market.Offer("a", 0.4);
        Forecast Stay(double ahead) => Market.Plan(Market.Request(10) with { Running = new RunningHost(offer, TimeSpan.FromHours(9)) { Ahead = TimeSpan.FromHours(ahead) } }, offer).Stay!.Forecast!;

        Assert.InRange(Stay(8).Compute.Dollars / Stay(0).Compute.Dollars, 0.19m, 0.21m);
        Assert.True(Stay(8).Total.Dollars < Stay(0).Total.Dollars * 0.3m);
        Assert.True(Stay(8).Total90.Dollars < Stay(0).Total90.Dollars * 0.4m);
    }

    [Fact]
    public void What_an_instance_has_lived_counts_once_for_itself_and_is_a_lesson_for_others()
    {
        var (offer, job) = (Market.Bid("a", 0.3, 0.5), new JobId(7));
        var running = new RunningHost(offer, TimeSpan.FromHours(24)) { Job = job };
        var memory = new MarketMemory { Lives = [new LifeSeen(Place.Of(offer), Market.Now, TimeSpan.FromHours(24), Interrupted: false) { LivesFor = job }] };
        double Stay(RunningHost running, MarketMemory memory) =>
            Planner.Plan(Market.Request(30, all => all with { MinScore = 0 }) with { Running = running }, [offer], complete: true, memory).Stay!.Forecast!.Interruptions;

        Assert.Equal(Stay(running, MarketMemory.Empty), Stay(running, memory));
        Assert.True(Stay(running with { Job = new JobId(8) }, memory) < Stay(running, memory));
    }

    /// <summary>An attempt keeps all figures of its offer that a forecast is made from.</summary>
    [Fact]
    public void Staying_is_judged_by_the_figures_it_was_rented_by()
    {
        var random = new SeededRandom(7);
        foreach (var offer in Market.Random(random, 100))
        {
            Forecast? Stay(Offer one) => Market.Plan(Market.Request(1, all => all with { MinScore = 0 }) with { Running = new RunningHost(one, TimeSpan.FromHours(3)) }, offer).Stay?.Forecast;
            var taken = Stay(OfferTaken.Of(offer, null).ToOffer());
            Assert.Equal(Stay(offer)?.Total, taken?.Total);
            Assert.Equal(Stay(offer)?.Time90, taken?.Time90);
        }
    }

    [Fact]
    public void The_unit_that_has_begun_where_the_job_runs_is_no_cost_of_staying()
    {
        var offer = Market.Offer("a", 0.6);
        Money Stay(Offer one) => Market.Plan(Market.Request(5) with { Running = new RunningHost(one, TimeSpan.FromHours(3)) }, one).Stay!.Forecast!.Compute;

        Assert.Equal(Stay(offer), Stay(offer with { BillingUnit = TimeSpan.FromHours(1) }));
    }

    [Fact]
    public void Moving_is_named_where_the_rest_costs_less_elsewhere_with_all_it_takes()
    {
        var here = Market.Offer("here", 0.6);
        var request = Market.Request(20, all => all with { MinScore = 0 }) with { Running = new RunningHost(here, TimeSpan.FromHours(3)) };
        var plan = Market.Plan(request, here, Market.Offer("there", 0.3));

        Assert.Equal("there", plan.Move?.To.Single().Offer.Id);
        Assert.Equal(plan.Stay?.Forecast?.Total, plan.Move?.Staying);
        Assert.True(plan.Move?.To[0].Total > plan.Choices[0].Forecast?.Total);
        Assert.Equal(plan.Move, plan.ToView().Move);

        Assert.Null(Market.Plan(request, here, Market.Offer("there", 0.599)).Move);
        Assert.Null(Market.Plan(request with { Running = null }, here, Market.Offer("there", 0.3)).Move);
        Assert.Null(Market.Plan(request with { Prefer = PlanPreference.Speed }, here, Market.Offer("there", 0.3)).Move);
        Assert.Null(Market.Plan(request, here with { Id = "chunk", PricePerHour = Money.FromDollars(0.3m) }).Move);
    }
}
