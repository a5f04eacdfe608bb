using System.Collections.Immutable;
using Orchestrator.Jobs;
using Orchestrator.Offers;
using Orchestrator.Planning;
using Orchestrator.Planning.Memory;
using Orchestrator.Planning.Prices;
using Xunit;

namespace Orchestrator.Tests.Planning;

/// <summary>Ten hours of work on an RTX 4090, forty until the deadline, while bids usually cost $0.30 and on-demand hosts $0.60.</summary>
public sealed class UsualTests
{
    private static readonly Offer _dear = Market.Offer("dear", 0.60);

    [Fact]
    public void Where_bids_are_gone_what_they_usually_cost_is_named()
    {
        var plan = Plan(Request(), Usual(), _dear);

        Assert.Equal(CapacityType.Interruptible, plan.Usually?.Capacity);
        Assert.Equal("RTX 4090", plan.Usually?.Gpu);
        Assert.Equal(plan.Choices[0].Forecast?.Total, plan.Usually?.Now);

        // At the bid that is right, which is above the floor.
        Assert.InRange((double)plan.Usually!.PerHour.Dollars, 0.30, 0.42);
        Assert.True(plan.Usually.Total.Dollars < plan.Choices[0].Forecast!.Total.Dollars * 0.9m);
        Assert.Equal(plan.Usually, plan.ToView().Usually);
    }

    [Fact]
    public void Where_on_demand_hosts_are_dearer_than_usual_and_bids_are_not_wanted_their_own_price_is_named()
    {
        var request = Request(all => all with { Capacity = CapacityChoice.OnDemand });

        Assert.Equal(CapacityType.OnDemand, Plan(request, Usual(), _dear with { PricePerHour = Money.FromDollars(0.8m) }).Usually?.Capacity);
        Assert.Null(Plan(request, Usual(), _dear).Usually);
    }

    [Fact]
    public void A_market_as_usual_is_not_waited_for() =>
        Assert.Null(Plan(Request(), Usual(), _dear, Market.Bid("bid", 0.30, 0.60)).Usually);

    /// <summary>The cheapest of the market may be nothing for this job: what it may have costs twice as much, now as ever.</summary>
    [Fact]
    public void A_price_that_its_policy_never_sees_is_not_waited_for()
    {
        var request = Request() with { Demand = Request().Demand with { Resources = new ResourceRequest { Cpu = 16 } } };
        var small = Market.Bid("small", 0.30, 0.60) with { Cpus = 4 };

        Assert.Equal("large", Plan(request, Usual(), small, Market.Bid("large", 0.60, 1.20)).Choices.Single().Offer.Id);
        Assert.Null(Plan(request, Usual(), small, Market.Bid("large", 0.60, 1.20)).Usually);
        // Nor where the small one is rented out just now: what the large one asks is as usual.
        Assert.Null(Plan(request, [.. Usual().Select(usual => usual with { Median = Money.FromDollars(0.6m) })], Market.Bid("large", 0.60, 1.20)).Usually);
        Assert.NotNull(Plan(request, Usual(), small with { BidFloor = Money.FromDollars(0.6m), PricePerHour = Money.FromDollars(0.6m) }, Market.Bid("large", 1.20, 1.20)).Usually);
    }

    [Fact]
    public void Without_a_deadline_or_history_where_it_runs_already_or_for_who_is_in_a_hurry_nothing_is_waited_for()
    {
        Assert.NotNull(Plan(Request(), Usual(), _dear).Usually);
        Assert.Null(Plan(Request() with { Deadline = null }, Usual(), _dear).Usually);
        Assert.Null(Plan(Request() with { Prefer = PlanPreference.Speed }, Usual(), _dear).Usually);
        Assert.Null(Plan(Request() with { Running = new RunningHost(_dear, TimeSpan.FromHours(1)) }, Usual(), _dear).Usually);
        Assert.Null(Plan(Request(), Usual(hours: 35), _dear).Usually);
        Assert.Null(Plan(Request(), [], _dear).Usually);
        Assert.Null(Planner.Plan(Request(), [_dear], complete: false, MarketMemory.Empty with { UsualPrices = Usual() }).Usually);
        Assert.Null(Plan(Request() with { Sensitive = false, Demand = Request().Demand with { Providers = [new ProviderChoice { Name = "vast" }] } }, Usual(), _dear).Usually);
        Assert.Null(Plan(Request() with { Work = Request().Work! with { Time = TimeSpan.FromMinutes(5) } }, Usual(), _dear).Usually);
        Assert.Null(Plan(Request() with { Deadline = Market.Now + TimeSpan.FromHours(5) }, Usual(), _dear).Usually);
    }

    [Fact]
    public void What_is_usual_is_the_median_over_hours_of_the_lowest_over_providers()
    {
        CardPrice Price(string provider, int offers, double lowest, double median, CapacityType capacity = CapacityType.OnDemand) =>
            new("RTX 4090", capacity, provider, offers, Money.FromDollars((decimal)lowest), Money.FromDollars((decimal)median));
        var usual = UsualPrices.Of(
        [
            [Price("a", 1, 0.5, 0.5), Price("b", 3, 0.4, 0.9)],
            [Price("a", 1, 0.2, 0.6)],
            [Price("a", 1, 0.9, 0.9), Price("a", 1, 0.1, 0.1, CapacityType.Interruptible)],
        ]);

        Assert.Equal(2, usual.Length);
        Assert.Equal((3, 0.4m, 0.8m), (usual[0].Hours, usual[0].Lowest.Dollars, usual[0].Median.Dollars));
        Assert.Equal((1, CapacityType.Interruptible), (usual[1].Hours, usual[1].Capacity));
    }

    private static ImmutableArray<UsualPrice> Usual(int hours = 48) =>
    [
        new("RTX 4090", CapacityType.OnDemand, hours, Money.FromDollars(0.6m), Money.FromDollars(0.7m)),
        new("RTX 4090", CapacityType.Interruptible, hours, Money.FromDollars(0.3m), Money.FromDollars(0.4m)),
        new("RTX 3090", CapacityType.OnDemand, hours, Money.FromDollars(0.05m), Money.FromDollars(0.05m)),
    ];

    private static PlanRequest Request(Func<ReliabilityPolicy, ReliabilityPolicy>? policy = null) =>
        Market.Request(10, all => (policy ?? (same => same))(all with { MinScore = 0 })) with { Deadline = Market.Now + TimeSpan.FromHours(40) };

    private static Plan Plan(PlanRequest request, ImmutableArray<UsualPrice> usual, params Offer[] offers) =>
        Planner.Plan(request, offers, complete: true, MarketMemory.Empty with { UsualPrices = usual });
}
