using Orchestrator.Jobs;
using Orchestrator.Offers;
using Orchestrator.Providers;
using Orchestrator.Providers.RunPod;
using Orchestrator.Tests.Http;
using Xunit;

namespace Orchestrator.Tests.Providers.RunPod;

public sealed class RunPodMarketTests
{
    private const string Any = "GET /v2/catalog/gpus";
    private const string Secure1 = "GET /v2/catalog/gpus?include=AVAILABILITY&product=POD&cloud=SECURE&count=1";
    private const string Secure2 = "GET /v2/catalog/gpus?include=AVAILABILITY&product=POD&cloud=SECURE&count=2";
    private const string Community2 = "GET /v2/catalog/gpus?include=AVAILABILITY&product=POD&cloud=COMMUNITY&count=2";
    private const string Nothing = """{"gpus":[]}""";

    /// <summary>The recorded entry of chapter 12 of the contract paper, with one more data centre.</summary>
    private const string Recorded =
        """
        {"gpus":[{"id":"NVIDIA GeForce RTX 4090","name":"RTX 4090","pool":"ADA_24","manufacturer":"NVIDIA","memory":24,"secure":true,"community":true,"price":{"secure":0.74,"community":0.34,"serverless":1.1},
        "maxCount":{"secure":8,"community":4},"availability":"LOW","dataCenters":[{"id":"EU-RO-1","name":"EU-RO-1","availability":"LOW"},{"id":"US-TX-3","name":"US-TX-3","availability":"NONE"},{"id":"EU-CZ-1","name":"EU-CZ-1","availability":"HIGH"}],
        "cudaVersions":[{"version":"12.4","available":true},{"version":"12.11","available":true},{"version":"12.8","available":true},{"version":"13.0","available":false}]}]}
        """;

    [Fact]
    public async Task A_card_is_an_offer_in_each_data_centre_that_has_some()
    {
        using var desk = Start((Secure2, 200, Recorded), (Any, 200, Nothing));

        var offers = await desk.Provider.ListOffersAsync(default);

        Assert.Equal(["secure/NVIDIA GeForce RTX 4090/2/EU-RO-1/cuda12.11", "secure/NVIDIA GeForce RTX 4090/2/EU-CZ-1/cuda12.11"], offers.Select(offer => offer.Id));
        var offer = offers[0];
        Assert.Equal(("runpod", CapacityType.OnDemand, HostKind.Container, OfferTier.Datacenter, true, "secure"), (offer.Provider, offer.Capacity, offer.HostKind, offer.Tier, offer.Trusted, offer.Labels.Single()));
        Assert.Equal(("RTX 4090", 2, 24, 8.9m, new CudaVersion(12, 11)), (offer.Gpu, offer.GpuCount, offer.GpuMemoryGB, offer.ComputeCapability, offer.Cuda));
        // Published for one card.
        Assert.Equal((1.48m, 0.10m, Money.Zero, "RO"), (offer.PricePerHour.Dollars, offer.DiskPerGBMonth.Dollars, offer.DownPerGB, offer.Country));
        Assert.Equal((8, 48_000_000_000, (string?)null), (offer.Cpus, offer.MemoryBytes, offer.Host));
    }

    [Fact]
    public async Task Private_hosts_have_their_own_price_and_no_place()
    {
        using var desk = Start((Community2, 200, Recorded), (Any, 200, Nothing));

        var offer = Assert.Single(await desk.Provider.ListOffersAsync(default));

        Assert.Equal(("community/NVIDIA GeForce RTX 4090/2/any/cuda12.11", 0.68m, OfferTier.Community, false, "community"), (offer.Id, offer.PricePerHour.Dollars, offer.Tier, offer.Trusted, offer.Labels.Single()));
        Assert.Null(offer.Country);
    }

    [Theory]
    [InlineData("\"availability\":\"LOW\",\"dataCenters\"", "\"availability\":\"NONE\",\"dataCenters\"")]
    [InlineData("\"secure\":true", "\"secure\":false")]
    [InlineData("\"secure\":8", "\"secure\":1")]
    [InlineData("\"secure\":0.74", "\"secure\":null")]
    [InlineData("\"secure\":0.74", "\"secure\":0")]
    [InlineData("\"secure\":0.74", "\"secure\":-3")]
    [InlineData("\"id\":\"NVIDIA GeForce RTX 4090\"", "\"id\":\"unknown\"")]
    [InlineData("\"id\":\"NVIDIA GeForce RTX 4090\"", "\"id\":\"a/b\"")]
    public async Task What_cannot_be_had_is_no_offer(string part, string instead)
    {
        using var desk = Start((Secure2, 200, Recorded.Replace(part, instead, StringComparison.Ordinal)), (Any, 200, Nothing));

        Assert.Empty(await desk.Provider.ListOffersAsync(default));
    }

    [Theory]
    [InlineData("\"dataCenters\"", "\"regions\"", "secure/NVIDIA GeForce RTX 4090/2/any/cuda12.11")]
    [InlineData("\"cudaVersions\"", "\"drivers\"", "secure/NVIDIA GeForce RTX 4090/2/EU-RO-1")]
    [InlineData("\"availability\":\"LOW\"", "\"availability\":\"PLENTY\"", "secure/NVIDIA GeForce RTX 4090/2/EU-RO-1/cuda12.11")]
    [InlineData("\"memory\":24", "\"memory\":\"24\"", "secure/NVIDIA GeForce RTX 4090/2/EU-RO-1/cuda12.11")]
    [InlineData("\"maxCount\":{\"secure\":8,\"community\":4}", "\"maxCount\":7", "secure/NVIDIA GeForce RTX 4090/2/EU-RO-1/cuda12.11")]
    public async Task What_an_entry_lacks_is_not_asked_for(string part, string instead, string id)
    {
        using var desk = Start((Secure2, 200, Recorded.Replace(part, instead, StringComparison.Ordinal)), (Any, 200, Nothing));

        Assert.Equal(id, (await desk.Provider.ListOffersAsync(default))[0].Id);
    }

    [Theory]
    [InlineData(200, """{"gpus":{"id":"x"}}""", ProviderErrorKind.Unknown)]
    [InlineData(200, """{"gpus":[{"id":"NVIDIA L4"},{"gpu":"NVIDIA L4"},null]}""", ProviderErrorKind.Unknown)]
    [InlineData(200, "<html>maintenance</html>", ProviderErrorKind.Unknown)]
    [InlineData(400, """{"title":"Bad Request","status":400,"detail":"include and product go together"}""", ProviderErrorKind.Rejected)]
    [InlineData(401, """{"title":"Unauthorized","status":401,"detail":"missing bearer token"}""", ProviderErrorKind.Unauthorized)]
    [InlineData(403, "error code: 1010", ProviderErrorKind.Rejected)]
    [InlineData(403, "<html>403 Forbidden</html>", ProviderErrorKind.RateLimited)]
    [InlineData(410, """{"title":"Gone","status":410,"detail":"retired"}""", ProviderErrorKind.Gone)]
    [InlineData(429, """{"title":"Too Many Requests","status":429,"detail":"rate limit exceeded for the minute window"}""", ProviderErrorKind.RateLimited)]
    [InlineData(503, "", ProviderErrorKind.Transient)]
    public async Task A_market_that_cannot_be_read_is_not_an_empty_one(int status, string body, ProviderErrorKind kind)
    {
        using var desk = Start((Any, status, body));

        Assert.Equal(kind, (await RunPodDesk.FailsAsync(() => desk.Provider.ListOffersAsync(default))).Kind);
    }

    [Fact]
    public async Task A_look_asks_for_both_clouds_in_four_counts_and_serves_for_a_while()
    {
        var server = new ScriptedServer((Any, 200, Nothing));
        using var desk = new RunPodDesk(server.Handler);
        await desk.Provider.ListOffersAsync(default);
        await desk.Provider.ListOffersAsync(default);

        Assert.Equal(8, server.Sent.Select(sent => sent.Path).Distinct().Count());
        Assert.Equal(8, server.Sent.Count);

        desk.Time.Advance(TimeSpan.FromMinutes(1));
        await desk.Provider.ListOffersAsync(default);
        Assert.Equal(16, server.Sent.Count);
    }

    [Fact]
    public async Task Who_wants_no_private_hosts_sees_none()
    {
        var server = new ScriptedServer((Any, 200, Recorded));
        using var desk = new RunPodDesk(server.Handler, new RunPodOptions { Community = false });

        Assert.All(await desk.Provider.ListOffersAsync(default), offer => Assert.Equal(OfferTier.Datacenter, offer.Tier));
        Assert.Equal(4, server.Sent.Count);
    }

    [Fact]
    public async Task What_the_limit_keeps_from_being_seen_anew_is_shown_until_that_is_old()
    {
        using var desk = Start((Secure1, 200, Recorded), (Any, 200, Nothing));
        await desk.Provider.ListOffersAsync(default);
        desk.Pacer.Refuses = true;
        desk.Time.Advance(TimeSpan.FromMinutes(4));

        Assert.Equal(2, (await desk.Provider.ListOffersAsync(default)).Count);

        desk.Time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(ProviderErrorKind.RateLimited, (await RunPodDesk.FailsAsync(() => desk.Provider.ListOffersAsync(default))).Kind);
    }

    private static RunPodDesk Start(params (string Request, int Status, string Body)[] script) => new(new ScriptedServer(script).Handler);
}
