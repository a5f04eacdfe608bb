using System.Collections.Immutable;
using Orchestrator.Jobs;
using Orchestrator.Offers;
using Orchestrator.Planning;
using Orchestrator.Planning.Memory;
using Orchestrator.Reconciling;
using Orchestrator.Tests.Planning;
using Xunit;

namespace Orchestrator.Tests.Reconciling;

/// <summary>What the kernel sees of a market in which one provider has all the best offers.</summary>
public sealed class BarredProviderTests
{
    private static readonly Offer _dear = Market.Offer("dear", 0.6) with { Provider = "runpod", Host = null, Tier = OfferTier.Datacenter };

    [Fact]
    public void A_provider_that_refuses_our_key_does_not_hide_the_others()
    {
        var scene = new Scene(new JobTerms { MaxTotal = Money.FromDollars(50) }) { Offers = View(Market.Request(10), [.. Cheap(25), _dear]) };

        scene.Tick(1);
        Assert.Equal("vast", scene.Newest.Offer.Provider);
        scene.Tick(1, new LaunchRejected(1, 1, RefusalKind.Unauthorized, "no"));
        scene.Tick(60);

        Assert.Equal(("runpod", JobPhase.Active), (scene.Newest.Offer.Provider, scene.State.Phase));
    }

    [Fact]
    public void The_best_stay_first_and_nothing_comes_twice()
    {
        var view = View(Market.Request(10), [.. Cheap(25), _dear, Market.Offer("own", 0) with { Provider = "ssh", Tier = OfferTier.Own }]);

        Assert.Equal(20 + 1, view.Length);
        Assert.Equal("own", view[0].Id);
        Assert.Equal(view.Length, view.Select(offer => (offer.Provider, offer.Id, offer.PricePerHour)).Distinct().Count());
        Assert.Equal("runpod", view[^1].Provider);
    }

    [Fact]
    public void The_cheapest_hour_is_there_whatever_comes_first()
    {
        var slow = Market.Offer("slow", 0.05, "RTX 3090");
        var request = Market.Request(10) with { Prefer = PlanPreference.Speed };

        Assert.Contains(View(request, [.. Cheap(25), slow]), offer => offer.Id == "slow");
    }

    private static IEnumerable<Offer> Cheap(int count) => Enumerable.Range(0, count).Select(n => Market.Offer("v" + n, 0.2 + (n * 0.001)));

    private static ImmutableArray<Offer> View(PlanRequest request, Offer[] offers) => Planner.Plan(request, offers, complete: true, MarketMemory.Empty).ToView().Ranked;
}
