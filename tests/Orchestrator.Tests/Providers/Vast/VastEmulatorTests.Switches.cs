using System.Text.Json.Nodes;
using Orchestrator.Emulators;
using Orchestrator.Emulators.Vast;
using Orchestrator.Offers;
using Orchestrator.Providers;
using Orchestrator.Reconciling;
using Xunit;

namespace Orchestrator.Tests.Providers.Vast;

/// <summary>What the contract leaves open, either way, where our client does not use it or must not notice.</summary>
public sealed partial class VastEmulatorTests
{
    private static readonly VastSwitches _atOnce = new() { Provisioning = TimeSpan.Zero, Creating = TimeSpan.Zero, Loading = TimeSpan.Zero, Opening = TimeSpan.Zero };

    [Theory]
    [InlineData(true, 301)]
    [InlineData(false, 404)]
    public void A_path_without_its_slash_leads_to_the_one_with_it_or_nowhere(bool redirects, int status)
    {
        var (desk, vast) = Start(new VastSwitches { RedirectsMissingSlash = redirects });
        using var _ = desk;

        var answer = vast.Answer(new("GET", "api/v1/instances", new Dictionary<string, string> { ["limit"] = "25" }, VastDesk.ApiKey, ""));

        Assert.Equal((status, redirects ? "/api/v1/instances/?limit=25" : null), (answer.Status, answer.Headers.GetValueOrDefault("Location")));
        Assert.Equal([200, 200], ((string[])["api/v1/instances/", "api/v0/instances/start"]).Select(path => Ask(vast, "GET", path).Status));
    }

    [Theory]
    [InlineData(true, 200)]
    [InlineData(false, 400)]
    public void An_environment_may_be_a_text_or_must_be_an_object(bool takesText, int status)
    {
        var (desk, vast) = Start(_atOnce with { TakesEnvText = takesText });
        using var _ = desk;

        var answer = Rent(vast, """{"image":"i","env":"-e JOB=A=17 -p 8000:8000"}""");

        Assert.Equal((status, takesText ? 1 : 0), (answer.Status, vast.Rented.Count));
        if (takesText)
        {
            var order = Assert.Single(_backend.Orders).Value;
            Assert.Equal(("A=17", 8000), (order.Environment["JOB"], Assert.Single(order.Ports)));
            Assert.Equal("JOB", (string?)Row(vast)["extra_env"]![0]![0]);
        }
    }

    [Theory]
    [InlineData(4048, 4048, 0, 200)]
    [InlineData(4048, 4049, 0, 400)]
    [InlineData(4048, 4048, 500, 200)]
    [InlineData(4096, 4000, 96, 200)]
    [InlineData(4096, 4000, 97, 400)]
    [InlineData(16384, 16384, 500, 200)]
    [InlineData(16384, 16385, 0, 400)]
    public void What_runs_at_the_start_may_be_so_long(int longest, int script, int argument, int status)
    {
        var (desk, vast) = Start(new VastSwitches { LongestOnStart = longest });
        using var _ = desk;

        Assert.Equal(status, Rent(vast, $$"""{"image":"i","onstart":"{{new string('a', script)}}","args":["{{new string('b', argument)}}"]}""").Status);
    }

    [Theory]
    [InlineData(256, 256, 200)]
    [InlineData(256, 257, 400)]
    [InlineData(1024, 1024, 200)]
    [InlineData(1024, 1025, 400)]
    public void A_label_may_be_so_long(int longest, int label, int status)
    {
        var (desk, vast) = Start(new VastSwitches { LongestLabel = longest });
        using var _ = desk;

        Assert.Equal(status, Rent(vast, $$"""{"image":"i","label":"{{new string('a', label)}}"}""").Status);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_start_that_was_refused_happens_later_or_never(bool fires)
    {
        var (desk, vast) = Start(_atOnce with { QueuedStartFires = fires });
        using var _ = desk;
        Rent(vast, """{"image":"i","price":0.3}""");
        var id = vast.Rented[0];
        vast.Outbid(id);

        Assert.Contains("state change queued", Ask(vast, "PUT", $"api/v0/instances/{id}/", """{"state":"running"}""").Body, StringComparison.Ordinal);
        Assert.Equal((fires ? "running" : "stopped", "stopped"), ((string?)Row(vast)["intended_status"], (string?)Row(vast)["cur_state"]));
        vast.Ease(id, 0.25);

        Assert.Equal(fires ? "running" : "exited", (string?)Row(vast)["actual_status"]);
        desk.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(fires, vast.Bill > 0.29);
    }

    /// <summary>"Cancel with stopped."</summary>
    [Fact]
    public void A_start_that_is_queued_can_be_taken_back()
    {
        var (desk, vast) = Start(_atOnce with { QueuedStartFires = true });
        using var _ = desk;
        Rent(vast, """{"image":"i","price":0.3}""");
        var id = vast.Rented[0];
        vast.Outbid(id);
        Ask(vast, "PUT", $"api/v0/instances/{id}/", """{"state":"running"}""");

        Ask(vast, "PUT", $"api/v0/instances/{id}/", """{"state":"stopped"}""");
        vast.Ease(id, 0.25);

        Assert.Equal("exited", (string?)Row(vast)["actual_status"]);
    }

    [Theory]
    [InlineData("reboot", "rebooting", true)]
    [InlineData("reboot", "rebooting", false)]
    [InlineData("recycle", "recycling", true)]
    [InlineData("recycle", "recycling", false)]
    public void The_card_of_one_that_restarts_on_demand_is_billed_or_not(string order, string word, bool isBilled)
    {
        var (desk, vast) = Start(_atOnce with { BilledWhileRebooting = isBilled == (order == "reboot"), BilledWhileRecycling = isBilled == (order == "recycle"), Restarting = TimeSpan.FromMinutes(30) });
        using var _ = desk;
        Rent(vast, """{"image":"i"}""");
        var id = vast.Rented[0];

        Assert.Equal(200, Ask(vast, "PUT", $"api/v0/instances/{order}/{id}/", "{}").Status);
        Assert.Equal((word, null), ((string?)Row(vast)["actual_status"], Row(vast)["ports"]));
        desk.Time.Advance(TimeSpan.FromHours(2));

        Assert.Equal("running", (string?)Row(vast)["actual_status"]);
        // The disk is billed all the time.
        Assert.Equal((1.0 / 3 * (isBilled ? 2 : 1.5)) + (2 * 0.2 * 8 / 720), vast.Bill, 6);
        Assert.Equal(404, Ask(vast, "PUT", $"api/v0/instances/{order}/1/", "{}").Status);
    }

    [Fact]
    public async Task A_host_that_is_away_may_be_unknown_first()
    {
        var (desk, vast) = Start(_atOnce with { UnknownBeforeOffline = TimeSpan.FromMinutes(1) });
        using var _ = desk;
        vast.Offer(new VastMachine { Id = 1 });
        await CreateAsync(desk);

        vast.TakeOffline(vast.Rented[0], away: true);
        Assert.Equal(("unknown", InstanceStatus.Unknown), ((string?)Row(vast)["actual_status"], (await ListedAsync(desk)).Status));
        desk.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(("offline", InstanceStatus.Unknown), ((string?)Row(vast)["actual_status"], (await ListedAsync(desk)).Status));
    }

    [Theory]
    [InlineData(true, "running")]
    [InlineData(false, "stopped")]
    public async Task A_contract_that_ended_is_seen_whatever_is_still_wanted(bool staysWanted, string wanted)
    {
        var (desk, vast) = Start(_atOnce with { ExpiredStaysWanted = staysWanted });
        using var _ = desk;
        vast.Offer(new VastMachine { Id = 1 });
        await CreateAsync(desk);

        vast.EndContract(vast.Rented[0], desk.Time.GetUtcNow());

        Assert.Equal((wanted, InstanceStatus.Stopped), ((string?)Row(vast)["intended_status"], (await ListedAsync(desk)).Status));
    }

    /// <summary>Our own search says what it wants and looks again, so that neither makes a difference to it.</summary>
    [Theory]
    [InlineData(false, false, 2, 0)]
    [InlineData(true, false, 1, 0)]
    [InlineData(false, true, 2, 2)]
    public async Task A_search_may_want_more_or_less_than_it_was_told(bool addsDefaults, bool leaks, int all, int dear)
    {
        var (desk, vast) = Start(new VastSwitches { AddsSearchDefaults = addsDefaults, FiltersLeak = leaks });
        using var _ = desk;
        vast.Offer(new VastMachine { Id = 1 });
        vast.Offer(new VastMachine { Id = 2, Verified = false });

        Assert.Equal((all, dear), (Rows(vast, "{}"), Rows(vast, """{"dph_total":{"gt":50}}""")));
        Assert.Equal("vast/1", Assert.Single(await desk.Provider.ListOffersAsync(default), offer => offer.Capacity == CapacityType.OnDemand).Host);
    }

    [Theory]
    [InlineData(true, 4)]
    [InlineData(false, 1)]
    public void An_offer_shows_its_share_of_the_host_or_all_of_it(bool whole, int times)
    {
        var (desk, vast) = Start(new VastSwitches { OffersShowWholeHost = whole });
        using var _ = desk;
        vast.Offer(new VastMachine { Id = 1, Gpus = 4 });

        var offers = JsonNode.Parse(Ask(vast, "POST", "api/v0/bundles/", """{"num_gpus":{"eq":1}}""").Body)!["offers"]!.AsArray();

        Assert.Equal(4, offers.Count);
        Assert.All(offers, offer => Assert.Equal((64334.0 * times, 684.2 * times), ((double)offer!["cpu_ram"]!, (double)offer["disk_space"]!)));
    }

    [Theory]
    [InlineData(true, 2)]
    [InlineData(false, 1)]
    public async Task A_port_may_have_more_than_one_entry(bool both, int entries)
    {
        var (desk, vast) = Start(_atOnce with { PortsOfBothFamilies = both });
        using var _ = desk;
        vast.Offer(new VastMachine { Id = 1 });
        var id = await CreateAsync(desk);

        Assert.Equal(entries, Assert.Single(Row(vast)["ports"]!.AsObject()).Value!.AsArray().Count);
        Assert.IsType<SshEndpoint>(await desk.Provider.GetEndpointAsync(id, default));
    }

    [Theory]
    [InlineData(500)]
    [InlineData(400)]
    public async Task What_goes_wrong_on_the_server_rents_nothing_whatever_its_status(int status)
    {
        var (desk, vast) = Start(new VastSwitches { ServerErrorStatus = status });
        using var _ = desk;
        vast.Offer(new VastMachine { Id = 1 });
        vast.FailNext("PUT", "api/v0/asks/", VastFault.ServerError);

        Assert.Equal(ProviderErrorKind.Transient, (await VastDesk.FailsAsync(() => CreateAsync(desk))).Kind);
        Assert.Empty(vast.Rented);
    }

    private static EmulatedAnswer Ask(VastEmulator vast, string method, string path, string body = "") => vast.Answer(new(method, path, new Dictionary<string, string>(), VastDesk.ApiKey, body));

    /// <summary>A machine of its own.</summary>
    private static EmulatedAnswer Rent(VastEmulator vast, string order) => Ask(vast, "PUT", $"api/v0/asks/{vast.Offer(new VastMachine { Id = 1 })[0]}/", order);

    private static JsonNode Row(VastEmulator vast) => Assert.Single(JsonNode.Parse(Ask(vast, "GET", "api/v1/instances/").Body)!["instances"]!.AsArray())!;
}
