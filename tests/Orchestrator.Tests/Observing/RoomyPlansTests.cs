using Orchestrator.Engine.Observing;
using Orchestrator.Jobs;
using Orchestrator.Offers;
using Orchestrator.Planning;
using Orchestrator.Spending;
using Orchestrator.Tests.Planning;
using Xunit;

namespace Orchestrator.Tests.Observing;

public sealed class RoomyPlansTests
{
    private static readonly PlanRequest _request = Market.Request(5) with { MaxChoices = 2 };

    [Fact]
    public void Behind_the_best_that_do_not_fit_the_ones_that_do_are_found()
    {
        Offer[] market = [Market.Offer("a", 1.0), Market.Offer("b", 1.1), Market.Offer("slow", 0.95, "RTX 3090")];

        // The cheapest hour is always there, behind the best.
        Assert.Equal(["a", "b", "slow"], View(5m, market));
        Assert.Equal(["slow"], View(0.97m, market));

        // Where nothing fits, it is what the job waits for.
        Assert.Equal(["a", "b", "slow"], View(0.1m, market));
    }

    [Fact]
    public void What_does_not_fit_is_rejected_with_the_limits_numbers()
    {
        var plan = Market.Plan(_request with { Room = Left(0.5m) }, Market.Offer("a", 1.0));

        var group = Assert.Single(plan.Rejected);
        Assert.Equal("beyond the server's limits", group.Name);
        Assert.Equal("server limit max-hourly $4.00/h: $3.50/h in use by #3; $1.00/h needed", plan.HeldBack);
        Assert.Equal(plan.HeldBack, group.Sample[0].Words);
    }

    [Fact]
    public void A_bid_is_made_within_what_is_left()
    {
        var free = Market.Plan(_request, Market.Bid("a", 0.4, 2));
        var bid = Market.Plan(_request with { Room = Left(0.41m) }, Market.Bid("a", 0.4, 2));

        Assert.InRange(Assert.Single(bid.Choices).Offer.PricePerHour.Dollars, 0.4m, 0.41m);
        Assert.True(free.Choices[0].Offer.PricePerHour >= bid.Choices[0].Offer.PricePerHour);
    }

    private static string[] View(decimal left, Offer[] market) => [.. RoomyPlans.View(
        Market.Plan(_request, market), Left(left), room => Market.Plan(_request with { Room = room }, market)).Ranked.Select(offer => offer.Id)];

    private static RoomLeft Left(decimal dollars) => Room.Of(
        new() { MaxHourly = Money.FromDollars(4) },
        [new Rental(new JobId(3), new RoomUse(Money.FromDollars(4 - Math.Min(4, dollars)), Money.Zero, 1), "vast")], []).For([], null);
}
