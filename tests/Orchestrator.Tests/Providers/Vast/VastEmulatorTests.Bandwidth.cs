using System.Globalization;
using System.Text.Json.Nodes;
using Orchestrator.Attempts;
using Orchestrator.Emulators;
using Orchestrator.Emulators.Vast;
using Orchestrator.Offers;
using Orchestrator.Spending;
using Xunit;

namespace Orchestrator.Tests.Providers.Vast;

/// <summary>What is moved is billed by the byte, whatever the state.</summary>
public sealed partial class VastEmulatorTests
{
    private static readonly VastMachine _dear = new() { Id = 1, Price = 0.6, StoragePerMonth = 0.72, DownPerGB = 0.05, UpPerGB = 0.1 };

    [Fact]
    public async Task Bytes_are_billed_while_it_boots_runs_is_stopped_and_after_a_restart()
    {
        var (desk, vast) = Start();
        using var _ = desk;
        vast.Offer(_dear with { StoragePerMonth = 0, Price = 0 });
        var id = await CreateAsync(desk);
        var number = int.Parse(id, CultureInfo.InvariantCulture);

        Move(id, 1, 0);
        Assert.Equal(0.05, vast.Bill, 9);
        desk.Time.Advance(TimeSpan.FromMinutes(5));
        Move(id, 2, 1);
        Assert.Equal(0.2, vast.Bill, 9);
        vast.FlipToStopped(number);
        Move(id, 2, 3);
        Assert.Equal(0.4, vast.Bill, 9);
        vast.TakeOffline(number, away: true);
        Move(id, 4, 3);
        Assert.Equal(0.5, vast.Bill, 9);
        Assert.Equal(48.12 - 0.5, (double)(await desk.Provider.GetAccountAsync(default)).Spendable!.Value.Dollars, 6);

        await desk.Provider.DestroyAsync(id, default);
        Move(id, 9, 9);
        Assert.Equal((0.5, 0.5), (vast.Bill, vast.Bills[0].Amount));
    }

    /// <summary>What the market asks later is no matter of what was taken.</summary>
    [Fact]
    public async Task The_prices_are_those_of_the_ask_that_was_taken()
    {
        var (desk, vast) = Start();
        using var _ = desk;
        vast.Offer(_dear);
        var offer = Assert.Single(await desk.Provider.ListOffersAsync(default), one => one.Capacity == CapacityType.OnDemand);
        Assert.Equal((0.05m, 0.1m), (offer.DownPerGB.Dollars, offer.UpPerGB.Dollars));
        var id = await CreateAsync(desk);
        var before = vast.Bill;
        vast.Withdraw(1);
        vast.Offer(_dear with { DownPerGB = 5, UpPerGB = 5 });

        Move(id, 1, 1);

        Assert.Equal(0.15, vast.Bill - before, 9);
    }

    [Fact]
    public async Task Charges_name_gigabytes_and_are_read_back_whole()
    {
        var (desk, vast) = Start();
        using var _ = desk;
        vast.Offer(_dear);
        var from = desk.Time.GetUtcNow();
        var id = await CreateAsync(desk);
        Assert.Equal(["gpu", "disk"], Items(vast, from).Select(item => item["type"]!.GetValue<string>()));

        _backend.Traffic[id] = new HostTraffic(3_840_400_000, 2_500_000);
        await desk.Provider.DestroyAsync(id, default);

        Assert.Equal(
            [("bwd", "3.840 GB", 0.192m), ("bwu", "0.003 GB", 0m)],
            Items(vast, from).Skip(2).Select(item => (item["type"]!.GetValue<string>(), item["description"]!.GetValue<string>(), item["amount"]!.GetValue<decimal>())));
        var charge = Assert.Single(await desk.Provider.ListChargesAsync(from.AddDays(-1), desk.Time.GetUtcNow().AddDays(1), default));
        Assert.Equal((0.192m, 0m, 0.192m), (charge.Down.Dollars, charge.Up.Dollars, charge.Total.Dollars));
    }

    [Theory]
    [InlineData(false, 2210.7, 18.4)]
    [InlineData(true, 2.2107, 0.0184)]
    public async Task Its_record_says_what_was_billed_once_it_is_there(bool gigabytes, double down, double up)
    {
        var (desk, vast) = Start(new VastSwitches { BilledInGigabytes = gigabytes });
        using var _ = desk;
        vast.Offer(_dear);
        var id = await CreateAsync(desk);
        Assert.Null(Record()["inet_down_billed"]);

        desk.Time.Advance(TimeSpan.FromMinutes(5));
        _backend.Traffic[id] = new HostTraffic(2_210_700_000, 18_400_000);

        var record = Record();
        Assert.Equal(
            (down, up, 0.05, 0.1),
            (record["inet_down_billed"]!.GetValue<double>(), record["inet_up_billed"]!.GetValue<double>(), record["inet_down_cost"]!.GetValue<double>(), record["inet_up_cost"]!.GetValue<double>()));

        JsonObject Record() => Asked(vast, $"api/v0/instances/{id}/", [])["instances"]!.AsObject();
    }

    /// <summary>Image, data and checkpoints are what our meter knows of; the bound is 1 %.</summary>
    [Fact]
    public async Task Our_meter_of_the_same_bytes_says_what_its_bill_says()
    {
        var (desk, vast) = Start(new VastSwitches { Provisioning = TimeSpan.Zero, Creating = TimeSpan.Zero, Loading = TimeSpan.Zero, Opening = TimeSpan.Zero });
        using var _ = desk;
        vast.Offer(_dear);
        var from = desk.Time.GetUtcNow();
        var offer = (await desk.Provider.ListOffersAsync(default)).First(one => one.Capacity == CapacityType.OnDemand);
        var id = await desk.Provider.CreateAsync(VastDesk.Launch(price: offer.PricePerHour.Dollars, offer: offer.Id), default);
        _backend.Traffic[id] = new HostTraffic(12_000_000_000, 30_000_000_000);
        desk.Time.Advance(TimeSpan.FromHours(1));
        await desk.Provider.DestroyAsync(id, default);

        var taken = OfferTaken.Of(offer, null) with { DiskBytes = 40_000_000_000 };
        var metered = Meter.Of(taken, desk.Provider.Billing, new(from, from, desk.Time.GetUtcNow()), 12_000_000_000, 0, 30_000_000_000);

        Assert.Equal(3.6m, metered.Moves.Dollars);
        Assert.InRange((double)metered.Billed.Dollars, vast.Bill * 0.99, vast.Bill * 1.01);
    }

    private void Move(string id, int gigabytesIn, int gigabytesOut) => _backend.Traffic[id] = new HostTraffic(gigabytesIn * 1_000_000_000L, gigabytesOut * 1_000_000_000L);

    private static IEnumerable<JsonNode> Items(VastEmulator vast, DateTimeOffset from)
    {
        var filter = $$$"""{"day":{"gte":{{{from.AddDays(-1).ToUnixTimeSeconds()}}},"lte":{{{from.AddDays(1).ToUnixTimeSeconds()}}}}}""";
        return Asked(vast, "api/v0/charges/", new() { ["select_filters"] = filter })["results"]![0]!["items"]!.AsArray().Select(item => item!);
    }

    private static JsonNode Asked(VastEmulator vast, string path, Dictionary<string, string> query) => JsonNode.Parse(vast.Answer(new("GET", path, query, VastDesk.ApiKey, "")).Body)!;
}
