using Orchestrator.Offers;
using Orchestrator.Planning.Prices;
using Xunit;

namespace Orchestrator.Tests.Planning;

public sealed class CardPricesTests
{
    [Fact]
    public void Offers_become_one_row_for_each_card_way_of_renting_and_provider()
    {
        var prices = CardPrices.Of(
        [
            Market.Offer("a", 0.40), Market.Offer("b", 0.30), Market.Offer("c", 0.35), Market.Offer("d", 0.50),
            Market.Bid("e", 0.20, 0.40),
            Market.Offer("f", 0.34) with { Provider = "runpod" },
            Market.Offer("g", 8.80, "H100-80GB") with { GpuCount = 4 },
            Market.Offer("h", 0.05) with { Gpu = null, GpuCount = 0 },
        ]);

        Assert.Equal<CardPrice>(
        [
            new(null, CapacityType.OnDemand, "vast", 1, Money.FromDollars(0.05m), Money.FromDollars(0.05m)),
            new("H100-80GB", CapacityType.OnDemand, "vast", 1, Money.FromDollars(2.20m), Money.FromDollars(2.20m)),
            new("RTX 4090", CapacityType.OnDemand, "runpod", 1, Money.FromDollars(0.34m), Money.FromDollars(0.34m)),
            new("RTX 4090", CapacityType.OnDemand, "vast", 4, Money.FromDollars(0.30m), Money.FromDollars(0.35m)),
            new("RTX 4090", CapacityType.Interruptible, "vast", 1, Money.FromDollars(0.20m), Money.FromDollars(0.20m)),
        ], prices);
    }

    [Fact]
    public void A_price_that_cannot_be_is_not_the_lowest()
    {
        var prices = CardPrices.Of([Market.Offer("a", 0.40), Market.Offer("b", -1), Market.Offer("c", 0.01) with { GpuCount = -3 }]);

        Assert.Equal((1, Money.FromDollars(0.40m)), (Assert.Single(prices).Offers, prices[0].Lowest));
    }
}
