using Orchestrator.Jobs;
using Orchestrator.Offers;
using Orchestrator.Planning;
using Orchestrator.Planning.Memory;
using Xunit;

namespace Orchestrator.Tests.Planning;

public sealed class CheckTests
{
    [Theory]
    [InlineData(double.NaN)]
    [InlineData(-0.1)]
    [InlineData(17)]
    public void A_score_that_cannot_be_is_refused(double score) => Assert.Equal("score that cannot be", Group(Market.Offer("a", 1) with { Score = score }));

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_line_without_figures_is_refused_and_one_nobody_publishes_is_assumed(double mbps)
    {
        Assert.Equal("no bandwidth figure", Group(Market.Offer("a", 1) with { UpMbps = mbps }));
        Assert.Null(Group(Market.Offer("a", 1) with { UpMbps = null, DownMbps = null }));
    }

    [Fact]
    public void A_price_part_that_cannot_be_is_refused()
    {
        Assert.Equal("price that cannot be", Group(Market.Offer("a", 1) with { DiskPerGBMonth = new Money(-1) }));
        Assert.Equal("price that cannot be", Group(Market.Offer("a", 1) with { DownPerGB = new Money(long.MaxValue) }));
        Assert.Equal("price that cannot be", Group(Market.Offer("a", 1) with { BillingUnit = TimeSpan.Zero }));
        Assert.Equal("count that cannot be", Group(Market.Offer("a", 1) with { GpuCount = 5000 }));
    }

    [Theory]
    [InlineData("vast", false)]
    [InlineData("vast/a", true)]
    [InlineData("runpod", false)]
    public void A_sensitive_job_goes_to_a_marketplace_host_only_by_its_name(string named, bool admitted)
    {
        var request = Market.Request(1) with { Sensitive = true };
        request = request with { Demand = request.Demand with { Providers = [new ProviderChoice { Name = named }, new ProviderChoice { Name = "vast" }] } };

        Assert.Equal(admitted ? null : "not trusted", Group(Market.Offer("a", 1), request));
    }

    [Fact]
    public void A_sensitive_job_goes_to_trusted_places_own_machines_and_a_tier_that_is_named()
    {
        var request = Market.Request(1) with { Sensitive = true };
        var community = Market.Offer("a", 1) with { Provider = "runpod", Host = null, Labels = ["community"], Tier = OfferTier.Community };

        Assert.Null(Group(Market.Offer("a", 1) with { Tier = OfferTier.Datacenter, Trusted = true }, request));
        Assert.Null(Group(Market.Offer("a", 1) with { Tier = OfferTier.Own }, request));
        Assert.Equal("not trusted", Group(community, request));
        Assert.Null(Group(community, request with { Demand = request.Demand with { Providers = [new ProviderChoice { Name = "runpod/community" }] } }));
    }

    [Theory]
    [InlineData(3, null)]
    [InlineData(4, "interruptible")]
    public void After_so_many_interruptions_only_on_demand_capacity_is_used(int interruptions, string? group) =>
        Assert.Equal(group, Group(Market.Bid("a", 0.2, 0.3), Market.Request(1) with { Interruptions = interruptions }));

    [Theory]
    [InlineData("RTX 3090", null, "compute capability")]
    [InlineData("RTX 4090", null, null)]
    [InlineData("XPU 9", null, "compute capability")]
    [InlineData("XPU 9", 9.0, null)]
    public void The_table_knows_what_a_provider_leaves_out_of_its_cards(string gpu, double? published, string? group)
    {
        var request = With(new GpuRequirement { ComputeCapability = new CapabilityRange(8.9m, null) });

        Assert.Equal(group, Group(Market.Offer("a", 1, gpu) with { ComputeCapability = (decimal?)published }, request));
    }

    [Theory]
    [InlineData(OfferTier.Marketplace, null, 2, "interconnect")]
    [InlineData(OfferTier.Marketplace, GpuInterconnect.Nvlink, 2, null)]
    [InlineData(OfferTier.Datacenter, null, 2, null)]
    [InlineData(OfferTier.Datacenter, GpuInterconnect.Any, 2, "interconnect")]
    [InlineData(OfferTier.Marketplace, null, 1, null)]
    public void Joined_cards_are_asked_for_where_there_are_several(OfferTier tier, GpuInterconnect? published, int count, string? group)
    {
        var request = With(new GpuRequirement { Count = new CountRange(1, null), Interconnect = GpuInterconnect.Nvlink });

        Assert.Equal(group, Group(Market.Offer("a", 1) with { GpuCount = count, Tier = tier, Interconnect = published }, request));
    }

    /// <summary>The study's classes: what is saved too rarely in a long run counts as never saved.</summary>
    [Theory]
    [InlineData(50, 600, 0.98, "score < 99 %")]
    [InlineData(50, 61, 0.98, "score < 99 %")]
    [InlineData(50, 600, 0.99, null)]
    [InlineData(50, 60, 0.98, null)]
    [InlineData(50, null, 0.98, null)]
    [InlineData(6, 30, 0.98, null)]
    [InlineData(6, 31, 0.98, "score < 99 %")]
    [InlineData(3, 600, 0.9, null)]
    public void Long_runs_need_checkpoints_at_least_every_hour(double hours, int? minutes, double score, string? group)
    {
        var every = minutes is { } known ? new CheckpointRhythm { Kind = RhythmKind.Fixed, Interval = TimeSpan.FromMinutes(known) } : CheckpointRhythm.Trainer;
        var request = Market.Request(hours) with { Rhythm = new RhythmTerms { Every = every } };

        Assert.Equal(group, Group(Market.Offer("a", 1) with { Score = score }, request));
        Assert.Null(Group(Market.Offer("a", 1) with { Score = 0.98, Tier = OfferTier.Datacenter }, request));
    }

    /// <summary>2 GB over 1 Mbps take hours: what is made every few minutes becomes durable twice a day.</summary>
    [Theory]
    [InlineData(50, 1, 0.98, "a checkpoint takes over 60 min to send, score < 99 %")]
    [InlineData(50, 1, 0.99, null)]
    [InlineData(50, 6, 0.98, null)]
    [InlineData(6, 6, 0.98, "a checkpoint takes over 30 min to send, score < 99 %")]
    [InlineData(6, 12, 0.98, null)]
    public void A_host_that_cannot_send_checkpoints_is_judged_as_if_there_were_none(double hours, double mbps, double score, string? group)
    {
        Assert.Equal(group, Group(Market.Offer("a", 1) with { Score = score, UpMbps = mbps }, Market.Request(hours)));
        Assert.Null(Group(Market.Offer("a", 1) with { Score = score, UpMbps = mbps }, Market.Request(hours, all => all with { MinScore = 0.9m })));
        Assert.Null(Group(Market.Offer("a", 1) with { Score = score, UpMbps = mbps, Tier = OfferTier.Datacenter }, Market.Request(hours)));
    }

    [Fact]
    public void Automatic_disk_counts_image_data_checkpoints_and_a_reserve()
    {
        // (8 + 10 + 4 x 2) x 1.2 = 31.2 GB.
        Assert.Equal("disk below 32GB", Group(Market.Offer("a", 1) with { DiskBytes = 31_000_000_000 }));
        Assert.Null(Group(Market.Offer("a", 1) with { DiskBytes = 32_000_000_000 }));

        var small = Market.Request(1) with { Sizes = new WorkSizes { Image = default(ByteSize), Data = default(ByteSize), Checkpoint = default(ByteSize) } };
        Assert.Equal("disk below 20GB", Group(Market.Offer("a", 1) with { DiskBytes = 19_000_000_000 }, small));
        Assert.Null(Group(Market.Offer("a", 1) with { DiskBytes = 19_000_000_000, Tier = OfferTier.Own }, small));

        // On a machine of one's own the image may lie already; the data does not.
        var known = Market.Request(1) with { Sizes = new WorkSizes { Image = ByteSize.FromGigabytes(30), Data = ByteSize.FromGigabytes(10), Checkpoint = default(ByteSize) } };
        Assert.Equal("disk below 12GB", Group(Market.Offer("a", 1) with { DiskBytes = 11_000_000_000, Tier = OfferTier.Own }, known));
        Assert.Null(Group(Market.Offer("a", 1) with { DiskBytes = 12_000_000_000, Tier = OfferTier.Own }, known));
    }

    [Fact]
    public void A_network_that_is_too_slow_is_refused_and_an_unknown_one_is_its_tiers()
    {
        var request = Market.Request(1);
        request = request with { Demand = request.Demand with { Resources = request.Demand.Resources with { UpMbps = 300 } } };

        Assert.Equal("upload below 300 Mbps", Group(Market.Offer("a", 1) with { UpMbps = 200 }, request));
        Assert.Equal("225 Mbps up (assumed), 300 needed", Planner.Reject(request, Market.Offer("a", 1) with { UpMbps = null }, MarketMemory.Empty)?.Words);
        Assert.Null(Group(Market.Offer("a", 1) with { UpMbps = null, Tier = OfferTier.Datacenter }, request));
    }

    [Theory]
    [InlineData(2, 0.90, OfferTier.Marketplace, null)]
    [InlineData(8, 0.985, OfferTier.Marketplace, null)]
    [InlineData(8, 0.96, OfferTier.Marketplace, "score < 97 %")]
    [InlineData(30, 0.96, OfferTier.Marketplace, "score < 97 %")]
    [InlineData(30, 0.975, OfferTier.Marketplace, null)]
    public void Automatic_reliability_follows_the_length_of_the_run(double hours, double score, OfferTier tier, string? group) =>
        Assert.Equal(group, Group(Market.Offer("a", 1) with { Score = score, Tier = tier }, Market.Request(hours)));

    [Theory]
    [InlineData(OfferTier.Marketplace, 0.985, "score < 99 %")]
    [InlineData(OfferTier.Marketplace, 0.99, null)]
    [InlineData(OfferTier.Datacenter, 0.985, null)]
    [InlineData(OfferTier.Marketplace, null, "score < 99 %")]
    public void A_run_of_some_hours_with_rare_checkpoints_wants_a_high_score_or_a_data_centre(OfferTier tier, double? score, string? group) =>
        Assert.Equal(group, Group(Market.Offer("a", 1) with { Score = score, Tier = tier }, Market.Request(8) with { Rhythm = new RhythmTerms() }));

    [Fact]
    public void What_is_written_outranks_the_length()
    {
        var request = Market.Request(30, all => all with { MinScore = 0.5m, Tier = HostTier.Datacenter });

        Assert.Equal("not a data centre", Group(Market.Offer("a", 1) with { Score = 0.9 }, request));
        Assert.Null(Group(Market.Offer("a", 1) with { Score = 0.9, Tier = OfferTier.Datacenter }, request));
    }

    [Fact]
    public void Hosts_that_are_unverified_new_excluded_or_banned_are_refused()
    {
        var request = Market.Request(1, all => all with { MinSeen = TimeSpan.FromDays(30), ExcludeHosts = ["vast/x"] }) with
        {
            Banned = [new BannedHost("vast/y", "booted 0 of 4 times"), new BannedHost("vast/z", "slow", Market.Now.AddDays(-1))],
        };
        var known = Market.Offer("a", 1) with { ListedSince = Market.Now.AddDays(-31) };

        Assert.Null(Group(known, request));
        Assert.Equal("unverified", Group(known with { Verified = false }, request));
        Assert.Null(Group(known with { Verified = null }, request));
        Assert.Equal("listed for less than 30 days", Group(known with { ListedSince = Market.Now.AddDays(-29) }, request));
        Assert.Equal("hosts excluded by the spec", Group(known with { Host = "vast/x" }, request));
        Assert.Equal("hosts banned here", Group(known with { Host = "vast/y" }, request));
        Assert.Null(Group(known with { Host = "vast/z" }, request));
    }

    [Theory]
    [InlineData("eu", "DE", null)]
    [InlineData("eu", "GB", "other region")]
    [InlineData("DE", "DE", null)]
    [InlineData("na", "CA", null)]
    [InlineData("!CN", "CN", "other region")]
    [InlineData("!CN", "US", null)]
    [InlineData("!asia", "CN", "other region")]
    [InlineData("eu", null, "unknown region")]
    public void Regions_are_countries_the_union_and_continents(string region, string? country, string? group) =>
        Assert.Equal(group, Group(Market.Offer("a", 1) with { Country = country }, Market.Request(1, all => all with { Regions = [region] })));

    [Fact]
    public void A_rental_must_outlive_the_run_and_an_orderly_end()
    {
        var request = Market.Request(10) with { Drain = TimeSpan.FromMinutes(20) };
        var needed = Market.Forecast(request, Market.Offer("a", 1)).Time;

        Assert.Equal("rental ends too soon", Group(Market.Offer("a", 1) with { Until = Market.Now + needed + TimeSpan.FromMinutes(19) }, request));
        Assert.Null(Group(Market.Offer("a", 1) with { Until = Market.Now + needed + TimeSpan.FromMinutes(21) }, request));
    }

    /// <summary>A lab's machine from ten to six: a job of three days goes on there night by night, if it can go on at all.</summary>
    [Theory]
    [InlineData(true, 8, null)]
    [InlineData(true, 0.6, "rental ends too soon")]
    [InlineData(false, 8, "rental ends too soon")]
    public void A_machine_that_is_there_every_night_need_not_outlive_the_run(bool hasCheckpoints, double hours, string? group)
    {
        var request = Market.Request(72) with { Drain = TimeSpan.FromMinutes(20), Rhythm = new RhythmTerms { HasCheckpoints = hasCheckpoints } };

        Assert.Equal(group, Group(Market.Offer("a", 1) with { Until = Market.Now.AddHours(hours), Reopens = true }, request));
    }

    [Fact]
    public void Nobody_relies_on_a_machine_that_closes_before_the_end_to_make_a_deadline()
    {
        var request = Market.Request(72) with { Deadline = Market.Now.AddHours(90) };

        var plan = Market.Plan(request, Market.Offer("a", 1) with { Until = Market.Now.AddHours(8), Reopens = true });

        Assert.Single(plan.Choices);
        Assert.Empty(plan.Fallbacks);
    }

    [Fact]
    public void The_hour_counts_with_its_disk_and_the_budget_must_pay_what_is_expected()
    {
        var offer = Market.Offer("a", 0.49) with { DiskPerGBMonth = Money.FromDollars(0.5m) };

        Assert.Equal("over max-hourly", Group(offer, Market.Request(1) with { MaxHourly = Money.FromDollars(0.5m) }));
        Assert.Null(Group(offer, Market.Request(1) with { MaxHourly = Money.FromDollars(0.52m) }));
        Assert.Equal("over the budget", Group(offer, Market.Request(10) with { BudgetLeft = Money.FromDollars(5) }));
        Assert.Contains("expected to finish, $5.00 left", Planner.Reject(Market.Request(10) with { BudgetLeft = Money.FromDollars(5) }, offer, MarketMemory.Empty)?.Words, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_limit_nothing_is_rented_for_money()
    {
        var request = Market.Request(1) with { HasLimit = false };

        Assert.Equal("needs budget.max-total", Group(Market.Offer("a", 0.3), request));
        Assert.Contains("add budget: {max-total: $20}", Planner.Reject(request, Market.Offer("a", 0.3), MarketMemory.Empty)?.Words, StringComparison.Ordinal);
        Assert.NotEqual("needs budget.max-total", Group(Market.Offer("a", 0.3) with { Cpus = -1 }, request));
        Assert.Null(Group(Market.Offer("a", 0.3) with { Tier = OfferTier.Own }, request));
        Assert.Null(Group(Market.Offer("a", 0.3), Market.Request(1)));
    }

    [Fact]
    public void A_rented_host_that_costs_nothing_is_a_misread_answer()
    {
        Assert.Equal("price that cannot be", Group(Market.Offer("a", 0)));
        Assert.Equal("price that cannot be", Group(Market.Bid("a", 0.2, 0.4) with { BidFloor = Money.Zero }));
        Assert.Contains("misread", Planner.Reject(Market.Request(1), Market.Offer("a", 0), MarketMemory.Empty)?.Words, StringComparison.Ordinal);
        Assert.Null(Group(Market.Offer("a", 0) with { Tier = OfferTier.Own }));
    }

    [Fact]
    public void Where_only_the_budget_is_in_the_way_the_plan_says_what_would_do()
    {
        var request = Market.Request(10) with { BudgetLeft = Money.FromDollars(5) };
        Offer[] offers = [Market.Offer("dear", 2), Market.Offer("cheap", 0.8), Market.Offer("late", 0.1) with { Until = Market.Now.AddHours(1) }];

        var plan = Market.Plan(request, offers);

        Assert.Equal("cheap", plan.OverBudget?.Offer.Id);
        Assert.True(plan.OverBudget!.Forecast!.Total > Money.FromDollars(8));
        Assert.Null(Market.Plan(request, [.. offers, Market.Offer("fits", 0.3)]).OverBudget);
    }

    private static PlanRequest With(GpuRequirement wanted)
    {
        var request = Market.Request(1);
        return request with { Demand = request.Demand with { Gpu = [wanted] } };
    }

    private static string? Group(Offer offer, PlanRequest? request = null) => Planner.Reject(request ?? Market.Request(1), offer, MarketMemory.Empty)?.Group;
}
