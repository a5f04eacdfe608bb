using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Orchestrator.Emulators;
using Orchestrator.Emulators.Vast;
using Orchestrator.Providers;
using Orchestrator.Providers.VastAi;
using Xunit;

namespace Orchestrator.Tests.Providers.Vast;

public sealed class VastMarketTests
{
    private const string Search = "POST /api/v0/bundles/";

    [Fact]
    public void The_parts_cover_every_card_in_every_number_once()
    {
        foreach (var gpus in (int[])[1, 2, 3, 4, 8, 16])
        {
            foreach (var card in (string[])["RTX 4090", "H100 SXM", "A40", "B200", "Tesla T4", "a card of tomorrow"])
            {
                foreach (var verified in (bool[])[true, false])
                {
                    Assert.Single(VastSearch.All(unverified: true), part => part.Covers(Ask(card, gpus, verified)));
                }
            }
        }

        Assert.All(VastSearch.All(unverified: false), part => Assert.True(part.Verified));
    }

    [Fact]
    public async Task A_search_names_what_it_wants_in_the_wires_units()
    {
        using var desk = VastDesk.Of((Search, 200, """{"offers": []}"""));

        Assert.Empty(await desk.Provider.ListOffersAsync(default));

        var body = desk.Sent[0].Body!;
        Assert.Equal(
            """{"rentable":{"eq":true},"rented":{"eq":false},"external":{"eq":false},"verified":{"eq":true},"gpu_name":{"in":["RTX 4090","RTX 4090D"]},"num_gpus":{"gte":1,"lte":1},"direct_port_count":{"gte":1},"type":"on-demand","order":[["dph_total","asc"]],"allocated_storage":10,"limit":1000}""",
            body.ToJsonString());
        Assert.All(desk.Pacer.Taken, lane => Assert.Equal("search", lane));
    }

    /// <summary>A search shows 64 rows, and the next ones are asked for by price.</summary>
    [Fact]
    public async Task A_part_with_more_offers_than_a_search_shows_is_seen_whole()
    {
        var vast = new VastEmulator(new FakeTimeProvider(), new NoBackend());
        for (var machine = 1; machine <= 150; machine++)
        {
            // Some at one price, as on a market.
            vast.Offer(new VastMachine { Id = machine, Price = 0.3 + (machine / 4 * 0.01) });
        }

        vast.Offer(new VastMachine { Id = 999, Gpu = "H100 SXM", Price = 2 });
        using var desk = new VastDesk(new InProcessHandler(vast));

        var hosts = (await desk.Provider.ListOffersAsync(default)).Select(offer => offer.Host).ToHashSet();

        Assert.Equal(151, hosts.Count);
        Assert.Null(desk.Provider.Unseen);
        vast.Withdraw(3);
        Enumerable.Range(10, 95).ToList().ForEach(vast.Withdraw);
        Assert.Equal(55, (await desk.Provider.ListOffersAsync(default)).Select(offer => offer.Host).Distinct().Count());
        Assert.Null(desk.Provider.Unseen);
    }

    /// <summary>What is left is dearer: no reason to wait for it.</summary>
    [Fact]
    public async Task Of_a_part_that_has_still_more_the_cheapest_are_enough()
    {
        var vast = new VastEmulator(new FakeTimeProvider(), new NoBackend());
        for (var machine = 1; machine <= 300; machine++)
        {
            vast.Offer(new VastMachine { Id = machine, Price = 0.3 + (machine * 0.01) });
        }

        using var desk = new VastDesk(new InProcessHandler(vast));

        Assert.InRange((await desk.Provider.ListOffersAsync(default)).Select(offer => offer.Host).Distinct().Count(), 188, 192);
        Assert.Null(desk.Provider.Unseen);
    }

    /// <summary>Ten searches a minute: two pages of one card must not hide the next card.</summary>
    [Fact]
    public async Task The_first_page_of_every_part_comes_before_the_second_of_any()
    {
        var vast = new VastEmulator(new FakeTimeProvider(), new NoBackend());
        for (var machine = 1; machine <= 150; machine++)
        {
            vast.Offer(new VastMachine { Id = machine });
        }

        vast.Offer(new VastMachine { Id = 999, Gpu = "H100 SXM", Price = 2 });
        using var desk = new VastDesk(new InProcessHandler(vast), new VastOptions { SearchesPerLook = 8 });

        Assert.Contains(await desk.Provider.ListOffersAsync(default), offer => offer.Host == "vast/999");
    }

    [Fact]
    public async Task Rows_that_leak_through_a_filter_or_make_no_offer_are_left_out()
    {
        using var desk = VastDesk.Of((Search, 200, $$"""{"offers": [{{Row(1, "RTX 4090")}}, {{Row(2, "RTX 9999", 0)}}, {{Row(3, "RTX 4090", 1, "unverified")}}, {"id": "x"}, null, 7]}"""));

        // The same answer to every part: only the one that asked for 4090s takes it.
        Assert.Equal(["1", "1/bid"], (await desk.Provider.ListOffersAsync(default)).Select(offer => offer.Id));
    }

    [Theory]
    [InlineData(200, """{"offers": {"id": 1}}""", ProviderErrorKind.Unknown)]
    [InlineData(200, """{"offers": [{"ask": 1}, {"ask": 2}]}""", ProviderErrorKind.Unknown)]
    [InlineData(400, """{"success":false,"error":"invalid_request","msg":"0 is not a valid search op"}""", ProviderErrorKind.Rejected)]
    [InlineData(429, "API requests too frequent", ProviderErrorKind.RateLimited)]
    public async Task A_market_that_cannot_be_read_is_not_an_empty_one(int status, string body, ProviderErrorKind kind)
    {
        using var desk = VastDesk.Of((Search, status, body));

        Assert.Equal(kind, (await VastDesk.FailsAsync(() => desk.Provider.ListOffersAsync(default))).Kind);
    }

    [Fact]
    public async Task What_the_limit_keeps_from_being_seen_anew_is_shown_as_it_was_seen_last_until_that_is_old()
    {
        using var desk = VastDesk.Of((Search, 200, $$"""{"offers": [{{Row(1, "RTX 4090")}}]}"""));
        await desk.Provider.ListOffersAsync(default);
        desk.Pacer.Refuses = true;
        desk.Time.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal(2, (await desk.Provider.ListOffersAsync(default)).Count);

        desk.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(ProviderErrorKind.RateLimited, (await VastDesk.FailsAsync(() => desk.Provider.ListOffersAsync(default))).Kind);
    }

    [Fact]
    public async Task A_machine_that_was_taken_is_offered_no_more()
    {
        using var desk = VastDesk.Of((Search, 200, $$"""{"offers": [{{Row(31847205, "RTX 4090")}}]}"""), ("PUT /api/v0/asks/", 410, """{"error":"no_such_ask"}"""));
        await desk.Provider.ListOffersAsync(default);
        await VastDesk.FailsAsync(() => desk.Provider.CreateAsync(VastDesk.Launch(), default));
        desk.Pacer.Refuses = true;

        Assert.Empty(await desk.Provider.ListOffersAsync(default));
    }

    [Fact]
    public async Task One_part_that_cannot_be_read_hides_none_of_the_others_and_keeps_none_from_its_turn()
    {
        using var desk = new VastDesk(
            new Http.ScriptedHandler(request =>
            {
                var body = new StreamReader(request.Content!.ReadAsStream()).ReadToEnd();
                return Http.ScriptedHandler.Text(
                    body.Contains("\"H100 SXM\"", StringComparison.Ordinal) && !body.Contains("notin", StringComparison.Ordinal) ? """{"offers": "odd"}"""
                    : body.Contains("""["RTX 3090","RTX 3090 Ti"]""", StringComparison.Ordinal) ? $$"""{"offers": [{{Row(1, "RTX 3090")}}]}""" : """{"offers": []}""");
            }),
            new VastOptions { SearchesPerLook = 2 });

        for (var look = 0; look < 12; look++)
        {
            desk.Time.Advance(TimeSpan.FromSeconds(1));
            await desk.Provider.ListOffersAsync(default);
        }

        Assert.Equal(2, (await desk.Provider.ListOffersAsync(default)).Count);
        Assert.Matches("^[0-9] of the [0-9]+ parts of its market were not seen lately$", desk.Provider.Unseen);
    }

    [Fact]
    public async Task A_part_of_the_market_is_not_called_the_whole()
    {
        using var desk = new VastDesk(new Http.ScriptedHandler(_ => Http.ScriptedHandler.Text("""{"offers": []}""")), new VastOptions { SearchesPerLook = 4 });

        await desk.Provider.ListOffersAsync(default);

        var parts = VastSearch.All(unverified: false).Length;
        Assert.Equal($"{parts - 4} of the {parts} parts of its market were not seen lately", desk.Provider.Unseen);
        while (desk.Provider.Unseen is not null)
        {
            desk.Time.Advance(TimeSpan.FromSeconds(10));
            await desk.Provider.ListOffersAsync(default);
        }
    }

    [Fact]
    public async Task What_is_only_shown_makes_no_offer_and_no_changed_api()
    {
        using var desk = VastDesk.Of((Search, 200, $$"""{"offers": [{{Row(1, "RTX 4090").Insert(1, "\"rentable\": false, ")}}]}"""));

        Assert.Empty(await desk.Provider.ListOffersAsync(default));
    }

    private static VastAsk Ask(string card, int gpus, bool verified) =>
        VastAsk.Read(Orchestrator.Providers.Http.ApiFields.Parse(Row(1, card, gpus, verified ? "verified" : "unverified")), default)!;

    private static string Row(int id, string card, int gpus = 1, string verification = "verified") => new JsonObject
    {
        ["id"] = id, ["machine_id"] = id, ["gpu_name"] = card, ["num_gpus"] = gpus, ["dph_base"] = 0.4, ["min_bid"] = 0.2, ["verification"] = verification,
    }.ToJsonString();
}
