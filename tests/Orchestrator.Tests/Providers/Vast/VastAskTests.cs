using System.Text.Json.Nodes;
using Orchestrator.Jobs;
using Orchestrator.Offers;
using Orchestrator.Providers.Http;
using Orchestrator.Providers.VastAi;
using Xunit;

namespace Orchestrator.Tests.Providers.Vast;

public sealed class VastAskTests
{
    private static readonly DateTimeOffset _now = new(2026, 10, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>A whole recorded row (chapter 8.1 of the contract paper), as far as offers are made of it.</summary>
    private const string Recorded =
        """
        {"bundled_results": null, "external": null, "gpu_arch": "nvidia", "is_bid": false, "rentable": true, "rented": false, "id": 31847205, "bundle_id": 1284419931, "machine_id": 48213,
         "host_id": 190442, "num_gpus": 1, "gpu_frac": 0.25, "gpu_ids": [402117], "gpu_name": "RTX 4090", "gpu_ram": 24564, "compute_cap": 890, "cuda_max_good": 13.0, "driver_version": "580.95.05",
         "bw_nvlink": 0.0, "cpu_cores": 96, "cpu_cores_effective": 24.0, "cpu_ram": 64334, "disk_space": 684.2, "inet_up": 812.4, "inet_down": 905.7, "inet_up_cost": 0.00390625,
         "inet_down_cost": 0.0026041667, "direct_port_count": 124, "public_ipaddr": "203.0.113.24", "geolocation": "Quebec, CA", "hosting_type": 0, "verification": "verified", "vericode": 1,
         "reliability": 0.9938218, "dph_base": 0.3333333333, "min_bid": 0.2266666667, "storage_cost": 0.2, "dlperf": 106.62, "start_date": 1783036800.0, "end_date": 1793332800.0,
         "storage_total_cost": 0.0111111111, "dph_total": 0.3444444444, "duration": 2520000.0, "reliability2": 0.9938218, "ask_contract_id": 31847205}
        """;

    [Fact]
    public void A_recorded_row_is_an_offer_on_demand_and_one_by_bid()
    {
        var offers = Read()!.Offers.ToList();

        var onDemand = offers[0];
        Assert.Equal(("vast", "31847205", CapacityType.OnDemand, HostKind.Container, "vast/48213"), (onDemand.Provider, onDemand.Id, onDemand.Capacity, onDemand.HostKind, onDemand.Host));
        // Of the whole offer, without its disk, rounded up.
        Assert.Equal(new Money(333_334), onDemand.PricePerHour);
        Assert.Equal(("RTX 4090", 1, 24, 8.9m, new CudaVersion(13, 0)), (onDemand.Gpu, onDemand.GpuCount, onDemand.GpuMemoryGB, onDemand.ComputeCapability, onDemand.Cuda));
        Assert.Equal((24, 64_334_000_000, 684_200_000_000), (onDemand.Cpus, onDemand.MemoryBytes, onDemand.DiskBytes));
        // Their month has 720 hours, ours 730.
        Assert.Equal(Money.FromDollars(0.202778m), onDemand.DiskPerGBMonth);
        Assert.Equal((new Money(2_605), new Money(3_907)), (onDemand.DownPerGB, onDemand.UpPerGB));
        Assert.Equal((905.7, 812.4, 0.9938218, true, "CA"), (onDemand.DownMbps, onDemand.UpMbps, onDemand.Score, onDemand.Verified, onDemand.Country));
        Assert.Equal((DateTimeOffset.FromUnixTimeSeconds(1783036800), DateTimeOffset.FromUnixTimeSeconds(1793332800)), (onDemand.ListedSince, onDemand.Until));
        Assert.Equal((OfferTier.Marketplace, false, true), (onDemand.Tier, onDemand.Trusted, onDemand.RunsImages));

        var bid = offers[1];
        Assert.Equal(("31847205/bid", CapacityType.Interruptible), (bid.Id, bid.Capacity));
        Assert.Equal((new Money(226_667), new Money(226_667), new Money(333_334)), (bid.PricePerHour, bid.BidFloor, bid.OnDemandPerHour));
        Assert.Equal(("31847205", "31847205"), (VastAsk.IdOf(bid.Id), VastAsk.IdOf(onDemand.Id)));
    }

    [Theory]
    [InlineData("machine_id", "null")]
    [InlineData("gpu_name", "null")]
    [InlineData("num_gpus", "0")]
    [InlineData("num_gpus", "1.5")]
    [InlineData("dph_base", "null")]
    [InlineData("dph_base", "-0.2")]
    [InlineData("dph_base", "\"free\"")]
    [InlineData("rentable", "false")]
    [InlineData("external", "true")]
    [InlineData("external", "1")]
    public void What_lacks_the_needful_is_no_offer(string field, string value) => Assert.Null(Read((field, value)));

    [Theory]
    [InlineData("cpu_cores_effective", "null")]
    [InlineData("cpu_ram", "[]")]
    [InlineData("disk_space", "\"?\"")]
    [InlineData("geolocation", "{}")]
    [InlineData("cuda_max_good", "-1")]
    [InlineData("compute_cap", "null")]
    [InlineData("start_date", "null")]
    [InlineData("dlperf", "0")]
    [InlineData("bw_nvlink", "null")]
    [InlineData("inet_up", "0")]
    [InlineData("reliability2", "\"x\"")]
    [InlineData("gpu_ram", "1e300")]
    [InlineData("hosting_type", "null")]
    public void Dirt_in_what_is_not_needed_leaves_the_offer(string field, string value) => Assert.Equal(2, Read((field, value))!.Offers.Count());

    [Fact]
    public void What_is_missing_is_not_free_and_not_verified()
    {
        var ask = Read(("storage_cost", "null"), ("inet_down_cost", "null"), ("verification", "null"), ("vericode", "null"))!;

        Assert.True(ask.OnDemand.DiskPerGBMonth > Money.Zero && ask.OnDemand.DownPerGB > Money.Zero);
        Assert.False(ask.OnDemand.Verified);
    }

    [Fact]
    public void Without_a_floor_nobody_bids() => Assert.Single(Read(("min_bid", "null"))!.Offers);

    [Fact]
    public void The_end_follows_from_the_time_left_where_it_is_not_named() =>
        Assert.Equal(_now.AddSeconds(2520000), Read(("end_date", "null"))!.OnDemand.Until);

    [Theory]
    [InlineData("A100 SXM4", 81920, "A100-80GB")]
    [InlineData("A100 SXM4", 40960, "A100-40GB")]
    [InlineData("RTX PRO 6000 WS", 97887, "RTX PRO 6000")]
    [InlineData("RTX 6000Ada", 49140, "RTX 6000 Ada")]
    [InlineData("H100 NVL", 95830, "H100-NVL")]
    [InlineData("Brand New 9999", 65536, "Brand New 9999")]
    public void Cards_have_our_names_where_we_know_them(string name, int megabytes, string ours) =>
        Assert.Equal(ours, Read(("gpu_name", $"\"{name}\""), ("gpu_ram", $"{megabytes}"))!.OnDemand.Gpu);

    [Theory]
    [InlineData("\", US\"", "US")]
    [InlineData("\"Quebec, CA\"", "CA")]
    [InlineData("\"Atlantis\"", null)]
    public void The_country_is_the_last_word_of_the_place(string place, string? country) => Assert.Equal(country, Read(("geolocation", place))!.OnDemand.Country);

    [Fact]
    public void A_verified_data_centre_is_one()
    {
        Assert.Equal(OfferTier.Datacenter, Read(("hosting_type", "1"))!.OnDemand.Tier);
        Assert.Equal(OfferTier.Marketplace, Read(("hosting_type", "1"), ("verification", "\"deverified\""))!.OnDemand.Tier);
    }

    private static VastAsk? Read(params (string Field, string Value)[] changes)
    {
        var row = JsonNode.Parse(Recorded)!.AsObject();
        foreach (var (field, value) in changes)
        {
            row[field] = value == "1e300" ? JsonValue.Create(1e300) : JsonNode.Parse(value);
        }

        return VastAsk.Read(ApiFields.Parse(row.ToJsonString()), _now);
    }
}
