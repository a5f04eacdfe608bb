using Orchestrator.Attempts;
using Orchestrator.Jobs;
using Orchestrator.Offers;
using Orchestrator.Planning;
using Orchestrator.Planning.Memory;
using Xunit;

namespace Orchestrator.Tests.Planning;

public sealed class WarmHostTests
{
    [Fact]
    public void A_warm_host_saves_boot_pull_and_staging_and_is_taken_where_that_makes_it_cheapest()
    {
        var cold = Market.Offer("a", 0.4);
        var plan = Plan(1, Warm(Market.Offer("w", 0.42)), cold);
        Assert.NotNull(plan.Choices[0].Offer.Warm);
        Assert.True(plan.Choices[0].Forecast!.Time < plan.Choices[1].Forecast!.Time);

        // For a long job the cheaper hour is worth a boot.
        Assert.Null(Plan(40, Warm(Market.Offer("w", 0.6)), cold).Choices[0].Offer.Warm);
    }

    [Fact]
    public void What_it_does_not_hold_is_fetched()
    {
        var all = Plan(1, Warm(Market.Offer("w", 0.4), fetch: 10_000_000_000)).Choices[0].Forecast!;
        var none = Plan(1, Warm(Market.Offer("w", 0.4))).Choices[0].Forecast!;

        Assert.True(none.Time < all.Time);
        Assert.True(none.Total < all.Total);
    }

    /// <summary>What a rental kept of its offer lacks what only choosing needs; it was chosen by the same spec.</summary>
    [Fact]
    public void It_is_not_asked_again_what_lists_told_of_it_but_bans_and_its_rentals_end_hold()
    {
        var bare = Warm(OfferTaken.Of(Market.Offer("w", 0.4), null).ToOffer());
        Assert.NotNull(Plan(1, bare).Choices[0].Offer.Warm);

        Assert.Empty(Plan(10, bare with { Until = Market.Now.AddHours(2) }).Choices);
        Assert.Empty(Planner.Plan(Market.Request(1) with { Warm = [bare], Banned = [new BannedHost("vast/w", "no")] }, [], complete: true, MarketMemory.Empty).Choices);
    }

    /// <summary>It is lost with the interruption; what follows is what the market asks.</summary>
    [Fact]
    public void What_follows_an_interruption_is_not_priced_by_it()
    {
        var cold = Market.Offer("a", 0.9);
        Assert.DoesNotContain(Plan(10, Warm(Market.Offer("w", 0.1)), cold).PricedFrom, offer => offer.Warm is not null);
    }

    private static Plan Plan(double hours, Offer warm, params Offer[] market) =>
        Planner.Plan(Market.Request(hours) with { Warm = [warm] }, market, complete: true, MarketMemory.Empty);

    private static Offer Warm(Offer offer, long fetch = 0) => offer with
    {
        RunsImages = true,
        Warm = new WarmHost
        {
            Job = new JobId(12), Attempt = 1, InstanceId = "i1", Label = "orc-e1-12-1", Owners = 1, BilledFrom = Market.Now.AddHours(-2), CreatedAt = Market.Now.AddHours(-2),
            DiskBytes = 100_000_000_000, FetchBytes = fetch,
        },
    };
}
