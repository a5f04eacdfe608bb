using System.Text.Json.Nodes;
using Orchestrator.Emulators.Vast;
using Orchestrator.Reconciling;
using Xunit;

namespace Orchestrator.Tests.Providers.Vast;

/// <summary>What others may ask of the market and of the lists, as the contract has it.</summary>
public sealed partial class VastEmulatorTests
{
    [Fact]
    public void An_offers_figures_follow_from_its_host_and_its_price()
    {
        var (desk, vast) = Start();
        using var _ = desk;
        vast.Offer(new VastMachine { Id = 2, Gpu = "H100 SXM", Gpus = 2, Price = 2, Performance = 400, ComputeCapability = 900, Cpus = 16, Megabytes = 100_000, DiskGB = 500, DownMbps = 2000, UpMbps = 1000 });
        vast.Offer(new VastMachine { Id = 3, Price = 0.3 });

        var rows = Call(vast, "POST", "api/v0/bundles/", "{}").Body["offers"]!.AsArray();

        // By score, dearest for its speed last.
        Assert.Equal([3, 2, 2, 2], rows.Select(row => (int)row!["machine_id"]!));
        var both = rows.First(row => (int)row!["num_gpus"]! == 2)!;
        Assert.Equal((800, 900, 32, 200_000, 1000, 4.0), ((double)both["dlperf"]!, (int)both["compute_cap"]!, (double)both["cpu_cores_effective"]!, (double)both["cpu_ram"]!, (double)both["disk_space"]!, (double)both["dph_base"]!));
        Assert.Equal((double)both["dph_total"]!, (double)both["search"]!["totalHour"]!, 9);
        Assert.Equal(800 / (double)both["dph_total"]!, (double)both["dlperf_per_dphtotal"]!, 9);
    }

    [Theory]
    [InlineData(true, "stopped", "running")]
    [InlineData(false, "exited", "stopped")]
    public void Who_pays_the_whole_price_takes_the_cards_of_who_bids_until_they_are_free_again(bool staysWanted, string actual, string intended)
    {
        var (desk, vast) = Start(_atOnce with { OutbidStaysWanted = staysWanted });
        using var _ = desk;
        var ask = vast.Offer(new VastMachine { Id = 1 })[0];
        Assert.Equal(200, Call(vast, "PUT", $"api/v0/asks/{ask}/", """{"image":"i","disk":10,"price":0.3}""").Status);
        var bid = vast.Rented[0];
        Assert.Empty(Call(vast, "POST", "api/v0/bundles/", "{}").Body["offers"]!.AsArray());
        // A second bid does not.
        Assert.Equal(404, Call(vast, "PUT", $"api/v0/asks/{ask}/", """{"image":"i","disk":10,"price":0.31}""").Status);

        Assert.Equal(200, Call(vast, "PUT", $"api/v0/asks/{ask}/", """{"image":"i","disk":10}""").Status);

        var lost = Call(vast, "GET", $"api/v0/instances/{bid}/").Body["instances"]!;
        Assert.Equal((actual, intended), ((string?)lost["actual_status"], (string?)lost["intended_status"]));
        Assert.Equal("resources_unavailable", (string?)Call(vast, "PUT", $"api/v0/instances/{bid}/", """{"state":"running"}""").Body["error"]);
        Assert.Equal(404, Call(vast, "PUT", $"api/v0/asks/{ask}/", """{"image":"i","disk":10}""").Status);

        Call(vast, "DELETE", $"api/v0/instances/{vast.Rented[^1]}/");
        Assert.Equal("running", (string?)Call(vast, "GET", $"api/v0/instances/{bid}/").Body["instances"]!["cur_state"]);
    }

    [Fact]
    public void Instances_are_filtered_ordered_and_paged()
    {
        var (desk, vast) = Start(_atOnce);
        using var _ = desk;
        for (var machine = 1; machine <= 4; machine++)
        {
            vast.Offer(new VastMachine { Id = machine, Price = 0.3 });
        }

        foreach (var (offer, label) in Call(vast, "POST", "api/v0/bundles/", "{}").Body["offers"]!.AsArray().Zip((string[])["b", "a", "b", "c"]))
        {
            Call(vast, "PUT", $"api/v0/asks/{(int)offer!["id"]!}/", $$"""{"image":"i","disk":10,"label":"{{label}}"}""");
        }

        Assert.Equal(2, List("""select_filters={"label":{"eq":"b"}}""")["instances"]!.AsArray().Count);
        Assert.Equal(["a", "b", "b", "c"], Labels(List("""order_by=[{"col":"label","dir":"asc"}]""")));
        var first = List("""order_by=[{"col":"label","dir":"desc"}]&limit=3""");
        Assert.Equal(["c", "b", "b"], Labels(first));
        Assert.Equal(["a"], Labels(List($$"""order_by=[{"col":"label","dir":"desc"}]&limit=3&after_token={{first["next_token"]}}""")));
        Assert.Equal(400, Call(vast, "GET", "api/v1/instances/", "", """select_filters={"dph_total":{"gt":1}}""").Status);

        JsonNode List(string query) => Call(vast, "GET", "api/v1/instances/", "", query).Body;

        static IEnumerable<string?> Labels(JsonNode list) => list["instances"]!.AsArray().Select(row => (string?)row!["label"]);
    }

    /// <summary>Nobody of ours answers one: what is paid is read back, and above <c>max-hourly</c> the instance is ended.</summary>
    [Fact]
    public async Task A_host_that_asks_for_more_gets_it_when_it_is_accepted_and_not_before()
    {
        var (desk, vast) = Start(_atOnce);
        using var _ = desk;
        vast.Offer(new VastMachine { Id = 1 });
        var id = await CreateAsync(desk);
        var before = (await ListedAsync(desk)).PerHour;
        vast.AskForMore(vast.Rented[0], 5);

        Assert.Equal(before, (await ListedAsync(desk)).PerHour);
        var asked = Assert.Single(Call(vast, "GET", "api/v0/instances/pending-price-increases/").Body["pending_price_increases"]!.AsArray())!;
        Assert.Equal(id, asked["contract_id"]!.ToString());
        var answer = $$"""{"pending_price_increase_id":{{asked["pending_price_increase_id"]}}}""";
        Assert.Equal(200, Call(vast, "PUT", "api/v0/instances/accept-price-increase/", answer).Status);
        Assert.Equal(404, Call(vast, "PUT", "api/v0/instances/reject-price-increase/", answer).Status);
        Assert.True((await ListedAsync(desk)).PerHour > Money.FromDollars(5));
    }

    [Fact]
    public void An_accounts_keys_are_added_once_and_removed()
    {
        var (desk, vast) = Start();
        using var _ = desk;
        Assert.Equal(404, Call(vast, "GET", "api/v0/ssh/").Status);

        var added = Call(vast, "POST", "api/v0/ssh/", """{"ssh_key":"ssh-ed25519 AAAA me"}""").Body["key"]!["id"];
        Assert.Contains("duplicate", Call(vast, "POST", "api/v0/ssh/", """{"ssh_key":"ssh-ed25519 AAAA me"}""").Body["msg"]!.ToString(), StringComparison.Ordinal);
        Assert.Equal("ssh-ed25519 AAAA me", (string?)Call(vast, "GET", "api/v0/ssh/").Body[0]!["public_key"]);

        Assert.Equal(200, Call(vast, "DELETE", $"api/v0/ssh/{added}/").Status);
        Assert.Equal("no_ssh_key", (string?)Call(vast, "DELETE", $"api/v0/ssh/{added}/").Body["error"]);
    }

    private static (int Status, JsonNode Body) Call(VastEmulator vast, string method, string path, string body = "", string query = "")
    {
        var answer = vast.Answer(new(method, path, query.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]), VastDesk.ApiKey, body));
        return (answer.Status, JsonNode.Parse(answer.Body)!);
    }
}
