using Orchestrator.Attempts;
using Orchestrator.Checkpoints;
using Orchestrator.Determinism;
using Orchestrator.Jobs;
using Orchestrator.Offers;
using Orchestrator.Planning;
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
    public void An_upload_that_cannot_keep_up_sets_the_rhythm_and_is_told()
    {
        var request = Market.Request(10) with
        {
            Rhythm = new RhythmTerms { Every = new CheckpointRhythm { Kind = RhythmKind.Fixed, Interval = TimeSpan.FromMinutes(1) } },
        };
        var advice = Market.Forecast(request, Market.Offer("a", 0.4) with { UpMbps = 20 }).Checkpoints;

        Assert.False(advice?.KeepsUp);
        Assert.Equal(advice?.Upload, advice?.Every);
        Assert.Equal(advice?.Every, advice?.Stored);
        Assert.True(Market.Forecast(request, Market.Offer("b", 0.4) with { UpMbps = 900 }).Checkpoints?.KeepsUp);
    }

    /// <summary>Nobody asks it: it stands still for each of them, and of those that wait only the newest is sent.</summary>
    [Fact]
    public void A_trainer_with_a_rhythm_of_its_own_stands_still_for_checkpoints_that_are_never_stored()
    {
        var request = Market.Request(20) with
        {
            Rhythm = new RhythmTerms { Known = TimeSpan.FromMinutes(1) },
            Sizes = Market.Request(1).Sizes with { Checkpoint = ByteSize.FromGigabytes(60) },
        };
        var offer = Market.Offer("a", 0.4) with { UpMbps = 700, Score = 0.9999 };
        var own = Market.Forecast(request, offer);

        Assert.Equal((TimeSpan.FromMinutes(1), false), (own.Checkpoints!.Every, own.Checkpoints.KeepsUp));
        // Of 14.3 minutes for an upload, a minute of work and 65 seconds of standstill by turns: 6.9 minutes are work.
        Assert.InRange(own.Checkpoints.Stored, TimeSpan.FromMinutes(6.8), TimeSpan.FromMinutes(7));
        Assert.InRange(own.Time.TotalHours, 20 * (125d / 60), (20 * (125d / 60)) + 3);
        Assert.True(Market.Forecast(request with { Rhythm = new RhythmTerms { Every = new CheckpointRhythm { Kind = RhythmKind.Fixed, Interval = TimeSpan.FromMinutes(1) } } }, offer).Time < TimeSpan.FromHours(24));
    }

    [Fact]
    public void A_rhythm_that_nobody_knows_is_told_as_assumed()
    {
        Assert.True(Market.Forecast(Market.Request(10) with { Rhythm = new RhythmTerms() }, Market.Offer("a", 0.4)).Checkpoints!.IsAssumed);
        Assert.False(Market.Forecast(Market.Request(10) with { Rhythm = new RhythmTerms { Known = TimeSpan.FromMinutes(9) } }, Market.Offer("a", 0.4)).Checkpoints!.IsAssumed);
        Assert.False(Market.Forecast(Market.Request(10), Market.Offer("a", 0.4)).Checkpoints!.IsAssumed);
    }

    [Theory]
    [InlineData(50, 600, "too rare")]
    [InlineData(50, 61, "too rare")]
    [InlineData(50, 60, null)]
    [InlineData(50, 31, null)]
    [InlineData(10, 1, "costs more than it must")]
    [InlineData(10, 300, "costs more than it must")]
    public void A_rhythm_far_from_the_optimum_is_something_to_mend(double hours, double minutes, string? words)
    {
        var every = new CheckpointRhythm { Kind = RhythmKind.Fixed, Interval = TimeSpan.FromMinutes(minutes) };
        var hint = Market.Plan(Market.Request(hours) with { Rhythm = new RhythmTerms { Every = every } }, Market.Offer("a", 0.4)).Missing.SingleOrDefault();

        Assert.Equal(words is null, hint is null);
        Assert.Contains(words ?? "", hint ?? "", StringComparison.Ordinal);
        Assert.StartsWith(words is null ? "" : "checkpoints: {every: auto} ", hint ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void We_ask_for_checkpoints_near_the_optimum_and_at_least_every_hour_in_long_runs()
    {
        var risky = Market.Forecast(Market.Request(30, all => all with { MinScore = 0 }), Market.Offer("a", 0.4) with { Score = 0.9 }).Checkpoints!;
        var calm = Market.Forecast(Market.Request(30), Market.Offer("b", 0.4) with { Score = 0.999 }).Checkpoints!;

        Assert.InRange(risky.Every, risky.OptimumFrom, risky.OptimumTo);
        Assert.True(risky.Every < calm.Every);
        Assert.True(calm.Every <= TimeSpan.FromHours(1));
    }

    [Fact]
    public void Where_uploads_are_paid_for_checkpoints_are_rarer()
    {
        var free = Market.Forecast(Market.Request(10), Market.Offer("a", 0.4)).Checkpoints!;
        var paid = Market.Forecast(Market.Request(10), Market.Offer("b", 0.4) with { UpPerGB = Money.FromDollars(0.02m) }).Checkpoints!;

        Assert.True(paid.Every > free.Every);
        Assert.InRange(paid.Every, paid.OptimumFrom, paid.OptimumTo);
    }

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

    [Fact]
    public void The_unit_that_has_begun_where_the_job_runs_is_no_cost_of_staying()
    {
        var offer = Market.Offer("a", 0.6);
        Money Stay(Offer one) => Market.Plan(Market.Request(5) with { Running = new RunningHost(one, TimeSpan.FromHours(3)) }, one).Stay!.Forecast!.Compute;

        Assert.Equal(Stay(offer), Stay(offer with { BillingUnit = TimeSpan.FromHours(1) }));
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

        // What follows an interruption may cost a little more than more of the same.
        Assert.InRange(forecast.Time.TotalHours, paid * 0.98, paid * 1.001);
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

    /// <summary>The cheapest of the market is gone once it is lost: what is left of the work costs what the next ones ask.</summary>
    [Fact]
    public void What_follows_an_interruption_is_priced_at_the_next_best_offers()
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
        Assert.Equal(["cheap", "a", "b"], plan.PricedFrom.Select(offer => offer.Id));
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
    public void Who_has_only_dear_places_to_go_to_takes_the_one_that_lasts()
    {
        var request = Market.Request(40, all => all with { MinScore = 0 });
        Offer[] cheap = [Market.Offer("frail", 0.30) with { Score = 0.90 }, Market.Offer("firm", 0.33) with { Score = 0.999 }];
        Offer[] next = [.. Enumerable.Range(0, 8).Select(i => Market.Offer("next" + i, 0.34))];
        Offer[] dear = [.. Enumerable.Range(0, 8).Select(i => Market.Offer("dear" + i, 0.90))];

        var among = Market.Plan(request, [cheap[0], .. dear]).Choices[0].Forecast!.Total - Market.Plan(request, [cheap[0], .. next]).Choices[0].Forecast!.Total;
        Assert.True(among > Money.FromDollars(1), $"{among}");
        Assert.Equal("firm", Market.Plan(request, [.. cheap, .. dear]).Choices[0].Offer.Id);
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
