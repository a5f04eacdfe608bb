using Orchestrator.Jobs;
using Orchestrator.Offers;
using Orchestrator.Planning;
using Orchestrator.Planning.Memory;
using Xunit;

namespace Orchestrator.Tests.Planning;

public sealed class BidTests
{
    [Fact]
    public void A_bid_is_never_below_the_floor_rounded_up_nor_above_the_on_demand_price()
    {
        var offer = Market.Offer("a", 0.13) with { Capacity = CapacityType.Interruptible, BidFloor = new Money(130_001), OnDemandPerHour = new Money(170_050) };
        var bid = Bid(Market.Request(2), offer);

        Assert.InRange(bid.MicroDollars, 130_100, 170_000);
        Assert.Equal(0, bid.MicroDollars % 100);
    }

    [Fact]
    public void The_hourly_limit_bounds_the_bid_and_refuses_a_floor_above_it()
    {
        var offer = Market.Bid("a", 0.30, 0.90) with { DiskPerGBMonth = Money.FromDollars(0.2m) };
        var request = Market.Request(40) with { Rhythm = new RhythmTerms { HasCheckpoints = false } };
        var limited = Market.Plan(request with { MaxHourly = Money.FromDollars(0.35m), Reliability = new ReliabilityPolicy { MinScore = 0 } }, offer).Choices[0];

        Assert.True(limited.PerHour <= Money.FromDollars(0.35m));
        Assert.Equal("over max-hourly", Planner.Reject(request with { MaxHourly = Money.FromDollars(0.3m) }, offer, MarketMemory.Empty)?.Group);
    }

    [Fact]
    public void A_floor_above_the_on_demand_price_is_refused() =>
        Assert.Equal("bid floor above the on-demand price", Planner.Reject(Market.Request(2), Market.Bid("a", 0.2, 0.19), MarketMemory.Empty)?.Group);

    [Fact]
    public void Who_loses_much_by_an_interruption_bids_more()
    {
        var offer = Market.Bid("a", 0.30, 0.36);
        var careless = Market.Request(8, all => all with { MinScore = 0 });
        var dear = careless with { Rhythm = new RhythmTerms { HasCheckpoints = false } };

        Assert.Equal(Money.FromDollars(0.30m), Bid(careless, offer));
        Assert.True(Bid(dear, offer) > Bid(careless, offer));
    }

    [Fact]
    public void An_interruptible_offer_without_bidding_costs_what_it_costs() =>
        Assert.Equal(Money.FromDollars(0.25m), Bid(Market.Request(2), Market.Offer("a", 0.25) with { Capacity = CapacityType.Interruptible }));

    private static Money Bid(PlanRequest request, Offer offer) => Market.Plan(request, offer).Choices[0].Offer.PricePerHour;
}
