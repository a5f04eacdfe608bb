using Orchestrator.Determinism;
using Orchestrator.Jobs;
using Orchestrator.Offers;
using Orchestrator.Planning;
using Orchestrator.Planning.Memory;
using Xunit;

namespace Orchestrator.Tests.Planning;

/// <summary>What must hold for any policy and any market. The worlds are the same in every run: a failure can be looked at again.</summary>
public sealed class PlanPropertyTests
{
    private const int Worlds = 150;

    [Fact]
    public void Every_choice_satisfies_every_check_and_every_offer_is_accounted_for() => ForEach((request, market, random) =>
    {
        var plan = Plan(request, market);

        Assert.All(plan.Choices, choice => Assert.Null(Planner.Reject(request, choice.Offer, MarketMemory.Empty)));
        Assert.Equal(market.Count, plan.Seen);
        Assert.Equal(plan.Seen, plan.Fit + plan.Rejected.Sum(group => group.Count));
        Assert.Equal(plan.Fit == 0, plan.CheapestHour is null);
    });

    [Fact]
    public void A_dirty_market_gets_an_answer_or_reasons() => ForEach((request, market, random) =>
    {
        for (var i = 0; i < market.Count; i++)
        {
            market[i] = random.Chance(0.5) ? Market.Soil(market[i], random) : market[i];
        }

        var plan = Plan(request, market);

        Assert.True(plan.Choices.Length > 0 || plan.Rejected.Length > 0);
        Assert.All(plan.Rejected, group => Assert.All(group.Sample, rejection => Assert.NotEmpty(rejection.Words)));
        Assert.All(plan.Choices, choice => AssertSane(request, choice));
        Assert.All(Planner.NearMisses(request, market, MarketMemory.Empty), near => Assert.InRange(near.Count, 1, plan.Rejected.Single(group => group.Name == near.Name).Count));
    });

    /// <summary>Whatever it is like: it must only be none of those that the price of what follows an interruption was made from.</summary>
    [Fact]
    public void An_offer_that_is_neither_chosen_nor_priced_from_changes_nothing_by_being_there() => ForEach((request, market, random) =>
    {
        market.AddRange(Market.Random(random, 60));
        var plan = Plan(request, market);
        var used = plan.PricedFrom.Select(offer => offer.Id).Append(plan.Choices.FirstOrDefault()?.Offer.Id).ToHashSet();
        var others = market.Where(offer => !used.Contains(offer.Id)).ToList();
        for (var i = 0; i < 10; i++)
        {
            var left = others[random.Next(others.Count)];
            AssertSameChoice(plan, Plan(request, [.. market.Where(offer => offer.Id != left.Id)]), $"{left}");
        }
    });

    [Fact]
    public void An_offer_that_is_dearer_and_less_reliable_than_all_it_is_priced_from_changes_nothing_once_nine_hosts_are_there() => ForEach((request, market, random) =>
    {
        market.AddRange(Market.Random(random, 60));
        var plan = Plan(request, market);
        var used = plan.PricedFrom;
        if (used.Length < 9 || used.Count(offer => offer.Capacity == CapacityType.OnDemand) < 9)
        {
            return;
        }

        foreach (var like in used)
        {
            var worse = Worse(like) with
            {
                Id = "worse",
                Host = "vast/worse",
                PricePerHour = new Money(used.Max(offer => offer.PricePerHour.MicroDollars * offer.GpuCount) * 100),
                BidFloor = null,
                Score = used.Min(offer => offer.Score ?? 0.9) * 0.99,
            };
            AssertSameChoice(plan, Plan(request, [.. market, worse]), $"{worse}");
        }
    });

    /// <summary>However few hosts there are: it may make an interruption dearer, and with it a calmer place the better one, but never itself.</summary>
    [Fact]
    public void A_dearer_and_less_reliable_offer_is_never_the_choice_and_never_ranks_before_the_one_it_is_worse_than() => ForEach((request, market, random) =>
    {
        market = [.. market.Take(1 + random.Next(market.Count))];
        foreach (var like in Plan(request, market).Choices.Take(5).Select(choice => market.Single(offer => offer.Id == choice.Offer.Id)))
        {
            var ids = Ids(Plan(request with { MaxChoices = 1000 }, [.. market, Worse(like) with { Host = "vast/worse" }]));
            Assert.NotEqual(like.Id + "-worse", ids.FirstOrDefault());
            Assert.True(Rank(ids, like.Id) <= Rank(ids, like.Id + "-worse"), $"{like}");
        }
    });

    /// <summary>Whoever loses a host loses all of its offers, so that it counts with its best one.</summary>
    [Fact]
    public void A_dearer_and_less_reliable_offer_of_a_host_that_is_there_changes_nothing() => ForEach((request, market, random) =>
    {
        var plan = Plan(request, market);
        foreach (var like in plan.PricedFrom)
        {
            AssertSameChoice(plan, Plan(request, [.. market, Worse(like)]), $"{like}");
        }
    });

    [Fact]
    public void What_follows_an_interruption_is_never_cheaper_than_more_of_the_same() => ForEach((request, market, random) =>
    {
        var free = request with { BudgetLeft = null };
        foreach (var choice in Plan(free, market).Choices.Where(choice => choice.Forecast is not null))
        {
            // Where there is no market, more of the same follows.
            var offer = market.Single(offer => offer.Id == choice.Offer.Id);
            var alike = Planner.Plan(free, [], complete: true, MarketMemory.Empty, offer).Explained!.Forecast!;

            // Rounded up, part by part.
            Assert.True(choice.Forecast!.Total.MicroDollars >= alike.Total.MicroDollars - 10, $"{choice.Offer}: {choice.Forecast.Total}, alike {alike.Total}");
            Assert.True(choice.Forecast.Total90 >= choice.Forecast.Total);
        }
    });

    [Fact]
    public void The_order_of_the_offers_does_not_matter() => ForEach((request, market, random) =>
    {
        var twice = market.Concat(market.Select(offer => offer with { Id = "z" + offer.Id })).ToList();
        var plan = Plan(request, twice);
        var other = Plan(request, [.. twice.OrderBy(_ => random.NextUInt64())]);

        Assert.Equal(Ids(plan), Ids(other));
        Assert.Equal(plan.Summary, other.Summary);
        Assert.Equal(plan.CheapestHour?.Offer.Id, other.CheapestHour?.Offer.Id);
        Assert.Equal(plan.Rejected.SelectMany(group => group.Sample).Select(Say), other.Rejected.SelectMany(group => group.Sample).Select(Say));
    });

    [Fact]
    public void A_cheaper_or_a_more_reliable_offer_never_ranks_lower() => ForEach((request, market, random) =>
    {
        var all = request with { MaxChoices = 1000 };
        var plan = Ids(Plan(all, market));
        for (var i = 0; i < 5; i++)
        {
            var at = random.Next(market.Count);
            var offer = market[at];
            Offer[] better =
            [
                offer.BidFloor is null ? offer with { PricePerHour = new Money(offer.PricePerHour.MicroDollars * 9 / 10) } : offer,
                offer with { DiskPerGBMonth = new Money(offer.DiskPerGBMonth.MicroDollars / 2) },
                offer.Score is { } score ? offer with { Score = score + ((1 - score) / 2) } : offer,
            ];
            foreach (var one in better)
            {
                var changed = Ids(Plan(all, [.. market.Select((other, index) => index == at ? one : other)]));
                Assert.True(Rank(changed, offer.Id) <= Rank(plan, offer.Id), $"{offer} ranked {Rank(plan, offer.Id)}, then {Rank(changed, offer.Id)} as {one}");
            }
        }
    });

    [Fact]
    public void More_work_more_risk_and_a_higher_price_cost_more() => ForEach((request, market, random) =>
    {
        var free = request with
        {
            Work = Market.Request(1 + (random.NextDouble() * 60)).Work,
            Demand = Market.Request(1).Demand,
            Reliability = Market.Request(1, all => all with { MinScore = 0, OnDemandAfter = 100 }).Reliability,
            Sensitive = false,
            MaxHourly = null,
            BudgetLeft = null,
            Deadline = null,
            Prefer = PlanPreference.Cost,
        };
        foreach (var offer in market.Take(10).Select(offer => offer with { Until = null, Score = offer.Score ?? 0.97 }))
        {
            var total = Market.Forecast(free, offer).Total;

            AssertAtLeast(total, Market.Forecast(free with { Work = free.Work! with { Time = free.Work.Time * (1 + random.NextDouble()) } }, offer).Total, $"more work: {offer}");
            AssertAtLeast(total, Market.Forecast(free, offer with { Score = offer.Score * 0.99 }).Total, $"more risk: {offer}");
            AssertAtLeast(total, Market.Forecast(free, Dearer(offer)).Total, $"higher price: {offer}");

            Money Among(PlanRequest request, Offer one) => Market.Among(request, one, market.Where(other => other.Id != one.Id)).Total;
            var among = Among(free, offer);
            AssertAtLeast(among, Among(free with { Work = free.Work! with { Time = free.Work.Time * (1 + random.NextDouble()) } }, offer), $"more work, among others: {offer}");
            AssertAtLeast(among, Among(free, offer with { Score = offer.Score * 0.99 }), $"more risk, among others: {offer}");
            AssertAtLeast(among, Among(free, Dearer(offer)), $"higher price, among others: {offer}");
        }
    });

    // Daly's interval is nearly, not exactly, the best; and every part is rounded up.
    private static void AssertAtLeast(Money total, Money other, string what) =>
        Assert.True(other.MicroDollars >= total.MicroDollars - 10 - (total.MicroDollars / 1000), $"{total}, then {other}: {what}");

    private static Offer Dearer(Offer offer) => offer with
    {
        PricePerHour = new Money(offer.PricePerHour.MicroDollars * 2),
        BidFloor = offer.BidFloor is { } floor ? new Money(floor.MicroDollars * 2) : null,
        OnDemandPerHour = offer.OnDemandPerHour is { } dear ? new Money(dear.MicroDollars * 2) : null,
    };

    private static Offer Worse(Offer offer) => Dearer(offer) with { Id = offer.Id + "-worse", Score = (offer.Score ?? 0.9) * 0.99 };

    private static void AssertSameChoice(Plan one, Plan other, string what)
    {
        var (a, b) = (one.Choices.FirstOrDefault(), other.Choices.FirstOrDefault());
        Assert.True(a?.Offer == b?.Offer, $"{what}: {a?.Offer}, then {b?.Offer}");
        Assert.Equal(a?.Forecast?.Total, b?.Forecast?.Total);
        Assert.Equal(a?.Forecast?.Total90, b?.Forecast?.Total90);
    }

    private static void AssertSane(PlanRequest request, Choice choice)
    {
        var offer = choice.Offer;
        Assert.True(offer.PricePerHour >= Money.Zero && choice.PerHour >= offer.PricePerHour);
        Assert.True(request.MaxHourly is null || choice.PerHour <= request.MaxHourly);
        if (offer is { Capacity: CapacityType.Interruptible, BidFloor: { } floor })
        {
            Assert.True(offer.PricePerHour >= floor && offer.PricePerHour <= (offer.OnDemandPerHour ?? new Money(floor.MicroDollars * 2)));
        }

        if (choice.Forecast is { } forecast)
        {
            Assert.True(forecast.Total >= Money.Zero && forecast.Total90 >= forecast.Total);
            Assert.True(request.BudgetLeft is null || forecast.Total <= request.BudgetLeft);
            Assert.True(forecast.Median <= forecast.Time90 && forecast.Time >= TimeSpan.Zero);
            Assert.False(double.IsNaN(forecast.Interruptions));
        }
    }

    private static void ForEach(Action<PlanRequest, List<Offer>, SeededRandom> check)
    {
        for (var world = 0; world < Worlds; world++)
        {
            var random = new SeededRandom((ulong)world);
            check(Market.Policy(random), Market.Random(random, 40), random);
        }
    }

    private static Plan Plan(PlanRequest request, List<Offer> market) => Planner.Plan(request, market, complete: true, MarketMemory.Empty);

    private static List<string> Ids(Plan plan) => [.. plan.Choices.Select(choice => choice.Offer.Id)];

    private static int Rank(List<string> ids, string id) => ids.IndexOf(id) is >= 0 and var at ? at : int.MaxValue;

    private static string Say(Rejection rejection) => rejection.Offer.Id + rejection.Group + rejection.Words;
}
