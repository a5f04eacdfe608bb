using System.Collections.Immutable;
using Orchestrator.Offers;
using Orchestrator.Simulation.Markets;
using Xunit;

namespace Orchestrator.Tests.Simulation;

/// <summary>The generated market against the recorded figures it is drawn from.</summary>
public sealed class GeneratedMarketTests
{
    private static readonly GeneratedMarket _market = new(1, new MarketOptions { Hosts = 4_000 });
    private static readonly DateTimeOffset _start = new MarketOptions().Start;

    /// <summary>Prices at the market's usual hour: drift aside, which moves all of them by less than 15 %.</summary>
    private static readonly ImmutableArray<Offer> _offers = _market.At(_start);

    [Theory]
    [InlineData("RTX 3090", 0.107, 0.147, 0.243)]
    [InlineData("RTX 4090", 0.293, 0.387, 0.667)]
    [InlineData("RTX 5090", 0.333, 0.467, 0.667)]
    public void On_demand_prices_have_the_recorded_quantiles(string card, double p10, double median, double p90)
    {
        var prices = Of(card, CapacityType.OnDemand).Select(offer => (double)offer.PricePerHour.Dollars).Order().ToList();
        Assert.InRange(At(prices, 0.1), p10 * 0.85, p10 * 1.18);
        Assert.InRange(At(prices, 0.5), median * 0.88, median * 1.15);
        Assert.InRange(At(prices, 0.9), p90 * 0.85, p90 * 1.18);
    }

    [Theory]
    [InlineData("RTX 3090", 0.0752, 0.12)]
    [InlineData("RTX 4090", 0.161, 0.293)]
    [InlineData("RTX 5090", 0.20, 0.373)]
    public void Lowest_bids_have_the_recorded_quantiles(string card, double p10, double median)
    {
        var floors = Of(card, CapacityType.Interruptible).Select(offer => (double)offer.BidFloor!.Value.Dollars).Order().ToList();
        Assert.InRange(At(floors, 0.1), p10 * 0.7, p10 * 1.3);
        Assert.InRange(At(floors, 0.5), median * 0.8, median * 1.15);
    }

    [Fact]
    public void The_price_on_demand_over_the_lowest_bid_is_as_recorded()
    {
        var ratios = _offers.Where(offer => offer.BidFloor is not null)
            .Select(offer => (double)(offer.OnDemandPerHour!.Value.Dollars / offer.BidFloor!.Value.Dollars)).Order().ToList();
        Assert.InRange(At(ratios, 0.1), 1.00, 1.12);
        Assert.InRange(At(ratios, 0.5), 1.22, 1.38);
        Assert.InRange(At(ratios, 0.9), 2.3, 3.2);
        Assert.InRange(Share(ratios, ratio => ratio < 1), 0.01, 0.045);
    }

    [Fact]
    public void Disk_and_transfer_are_priced_as_recorded()
    {
        var open = Open();
        var disk = open.Select(offer => (double)offer.DiskPerGBMonth.Dollars).Order().ToList();
        Assert.Equal(0.20, At(disk, 0.5), 3);
        Assert.InRange(At(disk, 0.9), 0.40, 0.53);
        Assert.InRange(disk[^1], 0.8, 1.0);
        Assert.InRange(Share(open, offer => offer.UpPerGB == Money.FromDollars(0.003906m)), 0.40, 0.56);
    }

    [Fact]
    public void Network_scores_and_rental_ends_are_spread_as_recorded()
    {
        var open = Open();
        var down = open.Where(offer => offer.DownMbps > 0).Select(offer => offer.DownMbps!.Value).Order().ToList();
        Assert.InRange(At(down, 0.5), 885 * 0.88, 885 * 1.12);
        Assert.InRange(At(down, 0.1), 120, 210);
        var up = open.Where(offer => offer.UpMbps > 0).Select(offer => offer.UpMbps!.Value).Order().ToList();
        Assert.InRange(At(up, 0.5), 690 * 0.88, 690 * 1.12);
        var scores = open.Select(offer => offer.Score!.Value).Order().ToList();
        Assert.InRange(At(scores, 0.5), 0.987, 0.992);
        Assert.InRange(At(scores, 0.1), 0.955, 0.969);
        var days = open.Select(offer => (offer.Until!.Value - _start).TotalDays).Order().ToList();
        Assert.InRange(At(days, 0.5), 90, 125);
    }

    [Fact]
    public void Dirty_rows_come_as_often_as_recorded()
    {
        var open = Open();
        Assert.InRange(Share(open, offer => offer.DownMbps == 0), 0.03, 0.075);
        Assert.InRange(Share(open, offer => offer.Cpus == 0), 0.055, 0.11);
        Assert.InRange(Share(open, offer => offer.Performance / offer.GpuCount is 0.2 or 5.4), 0.01, 0.035);
        Assert.InRange(Share(open, offer => offer.Score < 0.90), 0.03, 0.08);
        Assert.InRange(Share(open, offer => offer.Verified == false), 0.2, 0.3);
    }

    [Fact]
    public void Figures_of_a_host_are_shared_out_over_its_cards()
    {
        var pair = _offers.Where(offer => offer.Capacity == CapacityType.OnDemand).GroupBy(offer => offer.Host)
            .First(group => group.Key is not null && group.Count() > 1).OrderBy(offer => offer.GpuCount).ToList();
        var factor = pair[^1].GpuCount / pair[0].GpuCount;
        Assert.Equal(pair[0].MemoryBytes * factor, pair[^1].MemoryBytes);
        Assert.Equal(pair[0].Cpus * factor, pair[^1].Cpus);
        Assert.InRange((double)(pair[^1].PricePerHour.Dollars / pair[0].PricePerHour.Dollars), factor - 0.01, factor + 0.01);
    }

    [Fact]
    public void Providers_with_fixed_prices_publish_nothing_else()
    {
        // Any of them may be sold out at one moment.
        var days = Enumerable.Range(0, 12).SelectMany(day => new GeneratedMarket(1, new MarketOptions { Hosts = 1 }).At(_start.AddDays(day))).ToList();
        var secure = days.Where(offer => offer is { Provider: "runpod", Tier: OfferTier.Datacenter }).ToList();
        Assert.NotEmpty(secure);
        Assert.All(secure, offer => Assert.True(offer is { Trusted: true, Host: null, Score: null, DownMbps: null, Until: null }));
        Assert.Contains(days, offer => offer is { Provider: "runpod", Tier: OfferTier.Community, Trusted: false });
        Assert.Contains(days, offer => offer is { Provider: "lambda", HostKind: HostKind.Machine });
        Assert.Contains(days, offer => offer is { Gpu: "RTX 4090", Tier: OfferTier.Datacenter, GpuCount: 1 } && offer.PricePerHour == Money.FromDollars(0.59m));
    }

    [Fact]
    public void Two_searches_share_three_quarters_and_offers_are_short_lived_while_hosts_stay()
    {
        var market = new GeneratedMarket(5, new MarketOptions { Hosts = 300, Cards = ["RTX 5090"] });
        var first = Ids(market.At(_start)).ToHashSet();
        var second = Ids(market.At(_start.AddSeconds(20))).ToHashSet();
        Assert.InRange(second.Count(first.Contains) / (double)first.Count, 0.70, 0.84);

        var scrapes = Enumerable.Range(0, 78).Select(i => market.At(_start.AddHours(6 * i / 78.0))).ToList();
        var seen = scrapes.SelectMany(offers => Ids(offers).Distinct()).GroupBy(id => id).Select(group => (double)group.Count() / 78).Order().ToList();
        Assert.InRange(At(seen, 0.5), 0.12, 0.24);
        var places = scrapes.SelectMany(offers => offers).Where(offer => offer is { Capacity: CapacityType.OnDemand, Host: not null })
            .GroupBy(offer => (offer.Host, offer.GpuCount)).Select(group => group.Select(offer => offer.Id).Distinct().Count()).ToList();
        Assert.InRange(Share(places, ids => ids >= 2), 0.30, 0.52);
    }

    [Fact]
    public void Nights_and_weekends_are_cheaper()
    {
        var friday = new DateTimeOffset(2026, 11, 20, 19, 0, 0, TimeSpan.Zero);
        var evening = Median(_market.At(friday));
        Assert.True(Median(_market.At(friday.AddHours(12))) < evening * 0.95);
    }

    [Fact]
    public void The_same_seed_shows_the_same_market_and_another_one_does_not()
    {
        var options = new MarketOptions { Hosts = 50 };
        Assert.Equal(Ids(new GeneratedMarket(7, options).At(_start)), Ids(new GeneratedMarket(7, options).At(_start)));
        Assert.NotEqual(Ids(new GeneratedMarket(7, options).At(_start)), Ids(new GeneratedMarket(8, options).At(_start)));
    }

    private static IEnumerable<string> Ids(ImmutableArray<Offer> offers) => offers.Where(offer => offer.Provider == "vast").Select(offer => offer.Id);

    private static IEnumerable<Offer> Of(string card, CapacityType capacity) =>
        _offers.Where(offer => offer.Provider == "vast" && offer.Gpu == card && offer.GpuCount == 1 && offer.Capacity == capacity);

    private static List<Offer> Open() => [.. _offers.Where(offer => offer is { Provider: "vast", GpuCount: 1, Capacity: CapacityType.OnDemand })];

    private static double Median(ImmutableArray<Offer> offers) => At(
        [.. offers.Where(offer => offer is { Provider: "vast", Gpu: "RTX 4090", GpuCount: 1, Capacity: CapacityType.OnDemand }).Select(offer => (double)offer.PricePerHour.Dollars).Order()], 0.5);

    private static double At(List<double> sorted, double share) => sorted[(int)(share * (sorted.Count - 1))];

    private static double Share<T>(List<T> all, Func<T, bool> which) => all.Count(which) / (double)all.Count;
}
