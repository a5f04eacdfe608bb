using Orchestrator.Engine.Store;
using Orchestrator.IntegrationTests.Support;
using Orchestrator.Offers;
using Orchestrator.Planning.Prices;
using Xunit;

namespace Orchestrator.IntegrationTests.Store;

[Collection(PostgresCollection.Name)]
public sealed class PriceStoreTests(PostgresFixture postgres) : IAsyncLifetime
{
    private static readonly TimeSpan _month = TimeSpan.FromDays(28);

    private static readonly DateTimeOffset _now = new(2026, 11, 20, 20, 10, 0, TimeSpan.Zero);

    private readonly StoreDatabase _database = new(postgres);

    private PriceStore Prices => new(_database.Source);

    public Task InitializeAsync() => _database.InitializeAsync();

    public Task DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task Fifty_thousand_offers_are_a_row_for_each_card_and_a_further_look_in_the_hour_adds_none()
    {
        Offer[] offers = [.. Enumerable.Range(0, 50_000).Select(i => Offer(i % 2 == 0 ? "RTX 4090" : "RTX 3090", 0.30m + (i % 100 * 0.001m)))];

        await LookAsync(_now, offers);
        await LookAsync(_now.AddMinutes(5), offers);
        Assert.Equal(2L, await CountAsync());

        await LookAsync(_now.AddHours(1), offers);
        Assert.Equal(4L, await CountAsync());
    }

    [Fact]
    public async Task Usual_is_the_median_of_past_hours_over_all_providers()
    {
        foreach (var (dollars, ago) in ((decimal, int)[])[(0.20m, 3), (0.30m, 2), (0.90m, 1), (9, 24 * 29)])
        {
            await LookAsync(_now.AddHours(-ago), Offer("RTX 4090", dollars), Offer("RTX 4090", dollars + 0.10m) with { Provider = "runpod" }, Offer(null, 0.05m));
        }

        // The hour that has begun is "now", not "usual".
        await LookAsync(_now, Offer("RTX 4090", 5));

        var usual = await Prices.UsualAsync(_now, _month, default);
        Assert.Equal(new UsualPrice("RTX 4090", CapacityType.OnDemand, 3, Money.FromDollars(0.30m), Money.FromDollars(0.35m)), usual.Single(one => one.Gpu is not null));
        Assert.Equal(3, usual.Single(one => one.Gpu is null).Hours);

        // Plans wait for it.
        var memory = await new MarketMemoryStore(_database.Source, TimeProvider.System).LoadAsync(_now, default);
        Assert.Equal(usual.AsEnumerable(), memory.UsualPrices);
    }

    [Fact]
    public async Task Hours_of_the_week_have_prices_of_their_own_once_three_weeks_were_seen()
    {
        for (var week = 1; week <= 4; week++)
        {
            await LookAsync(_now.AddDays(-7 * week), Offer("RTX 4090", 0.50m + (week * 0.01m)));
            await LookAsync(_now.AddDays(-7 * week).AddHours(-3), Offer("RTX 4090", 0.20m));
        }

        await LookAsync(_now.AddDays(-7).AddHours(5), Offer("RTX 4090", 0.01m));

        var usual = Assert.Single(await Prices.UsualAsync(_now, _month, default));
        var hour = _now.AddMinutes(-10);
        Assert.Equal((8, new UsualHour(hour, 4, Money.FromDollars(0.52m), Money.FromDollars(0.52m))), (usual.Hours, usual.Now));
        Assert.Equal(new UsualHour(hour.AddHours(165), 3, Money.FromDollars(0.20m), Money.FromDollars(0.20m)), usual.Cheapest);
    }

    [Fact]
    public async Task The_market_is_looked_at_once_an_interval_whoever_asks()
    {
        var every = TimeSpan.FromHours(1);
        var claims = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Prices.TryClaimLookAsync(every, default)));
        Assert.Single(claims, claimed => claimed);
        Assert.False(await Prices.TryClaimLookAsync(every, default));

        await _database.ScalarAsync("update orchestrator.offer_looks set at = now() - interval '61 minutes'");
        Assert.True(await Prices.TryClaimLookAsync(every, default));
    }

    [Fact]
    public async Task Old_hours_become_days_and_old_days_go()
    {
        await LookAsync(_now.AddDays(-40), Offer("RTX 4090", 0.20m));
        await LookAsync(_now.AddDays(-40).AddHours(1), Offer("RTX 4090", 0.40m));
        await LookAsync(_now, Offer("RTX 4090", 0.80m));

        Assert.Equal(2, await PruneAsync(35, 400));
        Assert.Equal(0, await PruneAsync(35, 400));
        Assert.Equal("2|600000", await _database.ScalarAsync("select looks || '|' || lowest_micros from orchestrator.offer_prices where per_day"));
        Assert.Equal(2L, await CountAsync());

        Assert.Equal(1, await PruneAsync(35, 39));
        Assert.Equal(1L, await CountAsync());
    }

    private static Offer Offer(string? gpu, decimal dollars) => new()
    {
        Provider = "vast",
        Id = "1",
        Capacity = CapacityType.OnDemand,
        HostKind = HostKind.Container,
        PricePerHour = Money.FromDollars(dollars),
        Gpu = gpu,
        GpuCount = gpu is null ? 0 : 1,
    };

    private Task LookAsync(DateTimeOffset at, params Offer[] offers) => Prices.RecordAsync(at, CardPrices.Of(offers), default);

    private Task<int> PruneAsync(int hourlyDays, int days) => Prices.PruneAsync(_now.AddDays(-hourlyDays), _now.AddDays(-days), default);

    private async Task<long> CountAsync() => (long)(await _database.ScalarAsync("select count(*) from orchestrator.offer_prices"))!;
}
