using Orchestrator.Offers;
using Orchestrator.Providers;
using Orchestrator.Providers.Http;
using Orchestrator.Providers.Lambda;
using Orchestrator.Tests.Http;
using Xunit;

namespace Orchestrator.Tests.Providers.Lambda;

public sealed class LambdaTypeTests
{
    private const string Types = "GET /api/v1/instance-types";

    /// <summary>Chapter 13.1 of the contract paper, with one more region.</summary>
    private const string Recorded =
        """
        {"instance_type":{"name":"gpu_1x_a10","description":"1x A10 (24 GB PCIe)","gpu_description":"A10 (24 GB PCIe)","price_cents_per_hour":129,"specs":{"vcpus":30,"memory_gib":200,"storage_gib":1400,"gpus":1},"architecture":"x86_64"},
         "regions_with_capacity_available":[{"name":"us-west-1","description":"California, USA"},{"name":"europe-central-1","description":"Germany"}]}
        """;

    [Fact]
    public void A_type_is_an_offer_in_each_region_that_has_some()
    {
        var offers = Read(Recorded)!.Value;

        Assert.Equal([("gpu_1x_a10/us-west-1", "US"), ("gpu_1x_a10/europe-central-1", null)], offers.Select(offer => (offer.Id, offer.Country)));
        var offer = offers[0];
        Assert.Equal(("lambda", CapacityType.OnDemand, HostKind.Machine, OfferTier.Datacenter, true, true), (offer.Provider, offer.Capacity, offer.HostKind, offer.Tier, offer.Trusted, offer.RunsImages));
        Assert.Equal((1.29m, TimeSpan.FromMinutes(1), Money.Zero, Money.Zero), (offer.PricePerHour.Dollars, offer.BillingUnit, offer.DiskPerGBMonth, offer.DownPerGB));
        Assert.Equal(("A10", 1, 24, 8.6m, 30, 200L << 30, 1400L << 30), (offer.Gpu, offer.GpuCount, offer.GpuMemoryGB, offer.ComputeCapability, offer.Cpus, offer.MemoryBytes, offer.DiskBytes));
    }

    [Theory]
    [InlineData("8x A100 (80 GB SXM4)", "A100-80GB", 80)]
    [InlineData("8x A100 (40 GB SXM4)", "A100-40GB", 40)]
    [InlineData("1x H100 (80 GB PCIe)", "H100-80GB", 80)]
    [InlineData("16x H100 (80 GB SXM5)", "H100-80GB", 80)]
    [InlineData("8x Tesla V100 (16 GB)", "V100-16GB", 16)]
    [InlineData("1x RTX A6000 (48 GB)", "RTX A6000", 48)]
    [InlineData("8x B200 (180 GB SXM6)", "B200", 180)]
    [InlineData("1x Card of tomorrow (500 GB)", "Card of tomorrow", 500)]
    public void Its_card_is_in_its_description(string description, string gpu, int memory)
    {
        var offer = Read(Recorded.Replace("1x A10 (24 GB PCIe)", description, StringComparison.Ordinal))!.Value[0];

        Assert.Equal((gpu, memory), (offer.Gpu, offer.GpuMemoryGB));
    }

    [Fact]
    public void Without_cards_it_is_an_offer_of_cpus()
    {
        var offer = Read(Recorded.Replace("\"gpus\":1", "\"gpus\":0", StringComparison.Ordinal).Replace("1x A10 (24 GB PCIe)", "4x CPU General", StringComparison.Ordinal))!.Value[0];

        Assert.Equal((null, 0), (offer.Gpu, offer.GpuCount));
    }

    [Theory]
    [InlineData("\"architecture\":\"x86_64\"", "\"architecture\":\"arm64\"")]
    [InlineData("gpu_1x_a10", "gpu_1x_gh200")]
    [InlineData("[{\"name\":\"us-west-1\"", "[],\"old\":[{\"name\":\"us-west-1\"")]
    public void What_is_not_for_us_or_nowhere_is_no_offer(string part, string instead) => Assert.Empty(Read(Recorded.Replace(part, instead, StringComparison.Ordinal))!.Value);

    [Theory]
    [InlineData("price_cents_per_hour\":129", "price_cents_per_hour\":\"dear\"")]
    [InlineData("price_cents_per_hour\":129", "price_cents_per_hour\":-1")]
    [InlineData("\"vcpus\":30", "\"vcpus\":null")]
    [InlineData("\"memory_gib\":200", "\"memory\":200")]
    [InlineData("\"gpus\":1", "\"gpus\":null")]
    [InlineData("(24 GB PCIe)", "(much)")]
    [InlineData("gpu_1x_a10", "a/b")]
    [InlineData("regions_with_capacity_available", "regions")]
    public void What_lacks_a_figure_is_left_out(string part, string instead) => Assert.Null(Read(Recorded.Replace(part, instead, StringComparison.Ordinal)));

    [Theory]
    [InlineData(200, """{"data":[]}""", ProviderErrorKind.Unknown)]
    [InlineData(200, """{"data":{"a":{},"b":null}}""", ProviderErrorKind.Unknown)]
    [InlineData(200, """{}""", ProviderErrorKind.Unknown)]
    [InlineData(200, "<html>", ProviderErrorKind.Unknown)]
    [InlineData(301, "", ProviderErrorKind.Unknown)]
    [InlineData(401, """{"error":{"code":"global/invalid-api-key","message":"API key was invalid, expired, or deleted."}}""", ProviderErrorKind.Unauthorized)]
    [InlineData(403, """{"error":{"code":"global/account-inactive","message":"Your account is inactive."}}""", ProviderErrorKind.Unauthorized)]
    [InlineData(403, "<html>", ProviderErrorKind.RateLimited)]
    [InlineData(410, "", ProviderErrorKind.Gone)]
    [InlineData(429, """{"error":{"code":"global/rate-limited","message":"Too many requests.","suggestion":null}}""", ProviderErrorKind.RateLimited)]
    [InlineData(500, """{"error":{"code":"global/unknown","message":"x"}}""", ProviderErrorKind.Transient)]
    public async Task A_market_that_cannot_be_read_is_not_an_empty_one(int status, string body, ProviderErrorKind kind)
    {
        using var desk = new LambdaDesk(new ScriptedServer((Types, status, body)).Handler);

        Assert.Equal(kind, (await LambdaDesk.FailsAsync(() => desk.Provider.ListOffersAsync(default))).Kind);
    }

    private static System.Collections.Immutable.ImmutableArray<Offer>? Read(string entry) => LambdaType.Read(ApiFields.Parse(entry));
}
