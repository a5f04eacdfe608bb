using Orchestrator.Attempts;
using Orchestrator.Checkpoints;
using Orchestrator.Determinism;
using Orchestrator.Jobs;
using Orchestrator.Offers;
using Orchestrator.Planning;
using Orchestrator.Planning.Forecasting;
using Orchestrator.Planning.Memory;
using Xunit;

namespace Orchestrator.Tests.Planning;

public sealed class ForecastTests
{
    [Fact]
    public void The_parts_add_up_and_nine_in_ten_cost_more_than_the_mean()
    {
        var forecast = Market.Forecast(Market.Request(10) with { StoreEgressPerGB = Money.FromDollars(0.09m) }, Market.Offer("a", 0.4) with { DiskPerGBMonth = Money.FromDollars(0.2m), DownPerGB = Money.FromDollars(0.004m) });

        Assert.Equal(forecast.Compute + forecast.LostWork + forecast.Disk + forecast.Moves + forecast.StoreEgress + forecast.NeverBoots, forecast.Total);
        Assert.All([forecast.Compute, forecast.LostWork, forecast.Disk, forecast.Moves, forecast.StoreEgress, forecast.NeverBoots], part => Assert.True(part > Money.Zero));
        Assert.True(forecast.Total90 > forecast.Total);
        Assert.True(forecast.Time90 > forecast.Median && forecast.Median > TimeSpan.FromHours(10));
        Assert.Contains(forecast.Figures, figure => figure is { Name: "score", Origin: FigureOrigin.Published });
    }

    [Fact]
    public void An_own_machine_costs_nothing_and_the_faster_one_is_chosen()
    {
        var own = Market.Offer("a", 0, "RTX 3090") with { Provider = "ssh", Tier = OfferTier.Own };
        var plan = Market.Plan(Market.Request(3), own, own with { Id = "b", Gpu = "RTX 4090" });

        Assert.Equal(["b", "a"], plan.Choices.Select(choice => choice.Offer.Id));
        Assert.Equal(Money.Zero, plan.Choices[0].Forecast?.Total);
    }

    /// <summary>As in the mock-up of the plan: 40 Mbps at 3.9 cents per gigabyte eat up what the hour saves.</summary>
    [Fact]
    public void The_cheapest_hour_is_shown_beside_the_cheapest_way_to_finish()
    {
        var slow = Market.Offer("slow", 0.178) with { DownMbps = 40, UpMbps = 40, DownPerGB = Money.FromDollars(0.039m), UpPerGB = Money.FromDollars(0.039m) };
        var plan = Market.Plan(Market.Request(2), slow, Market.Offer("good", 0.25));

        Assert.Equal("good", plan.Choices[0].Offer.Id);
        Assert.Equal("slow", plan.CheapestHour?.Offer.Id);
        Assert.Equal("slow", Market.Plan(Market.Request(2) with { Prefer = PlanPreference.Hourly }, slow, Market.Offer("good", 0.25)).Choices[0].Offer.Id);
    }

    [Fact]
    public void A_faster_card_may_be_the_cheaper_way_and_is_the_choice_of_who_prefers_speed()
    {
        var offers = new[] { Market.Offer("3090", 0.25, "RTX 3090"), Market.Offer("4090", 0.35), Market.Offer("5090", 0.9, "RTX 5090") };

        Assert.Equal(["4090", "3090", "5090"], Market.Plan(Market.Request(10), offers).Choices.Select(choice => choice.Offer.Id));
        Assert.Equal("5090", Market.Plan(Market.Request(10) with { Prefer = PlanPreference.Speed }, offers).Choices[0].Offer.Id);
    }

    [Fact]
    public void The_fastest_way_is_shown_beside_the_cheapest_one_at_the_price_that_is_done_soonest()
    {
        var request = Market.Request(10, all => all with { MinScore = 0 });
        var bid = Market.Bid("bid", 0.5, 1.5) with { Gpu = "RTX 5090", Score = 0.999 };
        Offer[] market = [Market.Offer("4090", 0.35), bid];
        var plan = Market.Plan(request, market);

        Assert.Equal(("4090", "bid", Money.FromDollars(1.5m)), (plan.Choices[0].Offer.Id, plan.Fastest!.Offer.Id, plan.Fastest.Offer.PricePerHour));
        Assert.Equal(Market.Plan(request with { Prefer = PlanPreference.Speed }, market).Choices[0].Forecast!.Time, plan.Fastest.Forecast!.Time);
        Assert.Null(Market.Plan(Market.Request(null), market).Fastest);
        Assert.Null(Market.Plan(request).Fastest);
    }

    [Fact]
    public void Without_an_estimate_the_price_per_hour_decides_and_the_plan_says_what_to_add()
    {
        var plan = Market.Plan(Market.Request(null), Market.Offer("b", 0.5), Market.Offer("a", 0.6));

        Assert.Equal(["b", "a"], plan.Choices.Select(choice => choice.Offer.Id));
        Assert.Equal(PlanPreference.Hourly, plan.RankedBy);
        Assert.All(plan.Choices, choice => Assert.Null(choice.Forecast));
        Assert.StartsWith("estimate: 6h on RTX 4090", Assert.Single(plan.Missing), StringComparison.Ordinal);
    }

    [Fact]
    public void Disk_is_part_of_the_hour()
    {
        var plan = Market.Plan(Market.Request(null), Market.Offer("dear disk", 0.30) with { DiskPerGBMonth = Money.FromDollars(1) }, Market.Offer("a", 0.31));

        Assert.Equal("a", plan.Choices[0].Offer.Id);
    }

    [Fact]
    public void What_misses_the_deadline_comes_after_what_meets_it()
    {
        var offers = new[] { Market.Offer("cheap", 0.2, "RTX 3090"), Market.Offer("fast", 2, "RTX 5090") };
        var plan = Market.Plan(Market.Request(10) with { Deadline = Market.Now.AddHours(12) }, offers);

        Assert.Equal(["fast", "cheap"], plan.Choices.Select(choice => choice.Offer.Id));
        Assert.Equal([false, true], plan.Choices.Select(choice => choice.MissesDeadline));
    }

    [Fact]
    public void Without_checkpoints_the_calm_place_is_worth_its_price()
    {
        var offers = new[]
        {
            Market.Bid("bid", 0.30, 0.45),
            Market.Offer("secure", 0.45) with { Provider = "runpod", Tier = OfferTier.Datacenter, Score = null },
        };
        var request = Market.Request(20, all => all with { MinScore = 0 });

        Assert.Equal("secure", Market.Plan(request with { Rhythm = new RhythmTerms { HasCheckpoints = false } }, offers).Choices[0].Offer.Id);
        Assert.Equal("bid", Market.Plan(request, offers).Choices[0].Offer.Id);
    }

    [Fact]
    public void Whole_hours_are_billed_where_the_provider_bills_them()
    {
        var offer = Market.Offer("a", 1);

        Assert.True(Market.Forecast(Market.Request(1), offer).Total < Market.Forecast(Market.Request(1), offer with { BillingUnit = TimeSpan.FromHours(1) }).Total);
    }

    [Fact]
    public void A_begun_unit_costs_money_and_takes_no_time()
    {
        var request = Market.Request(5 / 60d) with { Rhythm = new RhythmTerms { HasCheckpoints = false } };
        var offer = Market.Offer("a", 0.6) with { Score = 0.9999 };
        var seconds = Market.Forecast(request, offer);
        var day = Market.Forecast(request, offer with { BillingUnit = TimeSpan.FromDays(1) });

        Assert.Equal((seconds.Time, seconds.Median, seconds.Time90), (day.Time, day.Median, day.Time90));
        Assert.InRange(day.LostWork.Dollars, 0, 0.01m);
        // A quarter of an hour, and a day for each launch of which one in seven comes to nothing: 0.6 x 24 each.
        Assert.InRange(day.Compute.Dollars, 14.40m, 14.45m);
        Assert.InRange(day.NeverBoots.Dollars, 2.4m, 3.8m);
        var hour = Market.Forecast(request with { Work = request.Work! with { Time = TimeSpan.FromHours(5.9) } }, offer with { BillingUnit = TimeSpan.FromHours(1) });
        var exact = Market.Forecast(request with { Work = request.Work! with { Time = TimeSpan.FromHours(5.9) } }, offer);
        Assert.InRange((hour.Compute - exact.Compute).Dollars, 0.29m, 0.31m);
    }

    /// <summary>A bid without checkpoints begins anew each time: its time must not be months where its price says days.</summary>
    [Theory]
    [InlineData(0.9, 50, false)]
    [InlineData(0.97, 50, false)]
    [InlineData(0.97, 8, false)]
    [InlineData(0.9, 50, true)]
    [InlineData(0.99, 3, true)]
    public void What_a_row_costs_is_what_its_hours_cost(double score, double hours, bool saves)
    {
        var request = Market.Request(hours, all => all with { MinScore = 0 });
        request = saves ? request : request with { Rhythm = new RhythmTerms { HasCheckpoints = false } };
        var forecast = Market.Forecast(request, Market.Bid("a", 0.3, 0.6) with { Score = score, BidFloor = null });
        var paid = (forecast.Compute + forecast.LostWork + forecast.NeverBoots).MicroDollars / 300_000d;

        // What follows an interruption is dearer by a tenth.
        Assert.InRange(forecast.Time.TotalHours, paid * 0.98 / Priors.NextOverBest, paid * 1.001);
        Assert.True(forecast.Median <= forecast.Time90 && forecast.Time <= forecast.Time90);
    }

    /// <summary>Daly's model has one hazard for all ages; with rare interruptions there is hardly a difference.</summary>
    [Fact]
    public void With_rare_interruptions_the_time_is_Dalys()
    {
        var forecast = Market.Forecast(Market.Request(30), Market.Offer("a", 0.4));
        var delta = 7d / 3600;
        var daly = RestartModel.ExpectedTime(
            30, forecast.Checkpoints!.Every.TotalHours, delta, (forecast.Recover + forecast.Checkpoints.Upload).TotalHours, forecast.MeanBetween.TotalHours);

        Assert.Equal(daly + forecast.Start.TotalHours, forecast.Time.TotalHours, 0.02 * daly);
    }

    /// <summary>The cheapest of the market is gone once it is lost, and after enough interruptions the spec asks for what nobody takes away.</summary>
    [Fact]
    public void What_follows_an_interruption_is_priced_at_the_best_of_the_market_and_then_on_demand()
    {
        var request = Market.Request(10, all => all with { MinScore = 0 });
        var cheap = Market.Bid("cheap", 0.10, 0.40);
        var alone = Market.Forecast(request, cheap);
        var plan = Market.Plan(request, cheap, Market.Offer("a", 0.38), Market.Offer("b", 0.42));
        var among = plan.Choices.Single(choice => choice.Offer.Id == "cheap").Forecast!;

        Assert.True(among.Total > alone.Total);
        Assert.True(among.Total90 > among.Total);
        Assert.Equal(among.Compute + among.LostWork + among.Disk + among.Moves + among.StoreEgress + among.NeverBoots, among.Total);
        var figure = Assert.Single(among.Figures, figure => figure.Name == "work after an interruption");
        Assert.Equal(FigureOrigin.Computed, figure.Origin);
        Assert.Contains("vast a $", figure.Value, StringComparison.Ordinal);
        Assert.Equal(["cheap", "a"], plan.PricedFrom.Select(offer => offer.Id));
    }

    [Fact]
    public void What_comes_once_the_spec_asks_for_on_demand_capacity_is_priced_like_that()
    {
        var request = Market.Request(30, all => all with { MinScore = 0 });
        Offer[] market = [Market.Bid("a", 0.20, 0.60), Market.Bid("b", 0.21, 0.60), Market.Bid("c", 0.22, 0.60), Market.Offer("d", 0.60), Market.Offer("e", 0.62)];
        Money Total(int after) => Market.Plan(request with { Reliability = request.Reliability with { OnDemandAfter = after } }, market).Choices.Single(choice => choice.Offer.Id == "a").Forecast!.Total;

        Assert.True(Total(1) > Total(2));
        Assert.True(Total(2) > Total(4));
        Assert.True(Total(4) > Total(1000));
    }

    [Fact]
    public void Whom_an_interruption_leaves_only_dear_places_takes_the_one_that_lasts()
    {
        var request = Market.Request(40, all => all with { MinScore = 0 });
        Offer[] market = [Market.Bid("frail", 0.30, 0.40) with { Score = 0.90 }, Market.Bid("firm", 0.33, 0.44) with { Score = 0.999 }, Market.Offer("dear", 0.90)];
        string Best(int after) => Market.Plan(request with { Reliability = request.Reliability with { OnDemandAfter = after } }, market).Choices[0].Offer.Id;

        Assert.Equal("firm", Best(1));
        Assert.Equal("frail", Best(1000));
    }
}
