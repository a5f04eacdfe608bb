using System.Text.Json.Nodes;
using Orchestrator.Attempts;
using Orchestrator.Emulators;
using Orchestrator.Emulators.RunPod;
using Orchestrator.Offers;
using Orchestrator.Providers;
using Orchestrator.Providers.Renting;
using Orchestrator.Reconciling;
using Xunit;

namespace Orchestrator.Tests.Providers.RunPod;

/// <summary>The account, its limits, and what the API itself refuses.</summary>
public sealed partial class RunPodEmulatorTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_account_is_known_with_and_without_the_old_api(bool retired)
    {
        var (desk, _) = Start(new RunPodSwitches { GraphQlRetired = retired });
        using var __ = desk;

        var account = await desk.Provider.GetAccountAsync(default);

        Assert.Equal(retired ? (null, null) : ("dev@example.org", 41.27m), (account.Owner, account.Spendable?.Dollars));
    }

    [Fact]
    public async Task Keys_that_are_not_known_or_may_not_write_are_said_to_be()
    {
        var (desk, runPod) = Start();
        using var _ = desk;
        runPod.KeyOnlyReads = true;
        Assert.Equal(ProviderErrorKind.Unauthorized, (await RunPodDesk.FailsAsync(() => CreateAsync(desk))).Kind);

        runPod.Key = "another";
        Assert.Equal(ProviderErrorKind.Unauthorized, (await RunPodDesk.FailsAsync(() => desk.Provider.ListInstancesAsync(default))).Kind);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_login_for_the_image_is_put_there_once(bool newer)
    {
        var (desk, runPod) = Start(new RunPodSwitches { TakesHostFilters = newer });
        using var _ = desk;
        runPod.Add(new RunPodHost { Id = 1, Gpus = 2 });
        foreach (var label in (string[])["orc-e1-7-1", "orc-e1-8-1"])
        {
            await desk.Provider.CreateAsync(RunPodDesk.Launch(label, $"secure/{Card}/1/EU-RO-1", 1) with { Image = new ImageToRun("ghcr.io/a/b:1", "ghcr.io", "me", "hunter22") }, default);
        }

        var login = Assert.Single(runPod.Logins);
        Assert.Equal("me:hunter22", login.Login);
        Assert.All(runPod.Rented, id => Assert.Equal(login.Id, (string?)runPod.OrderOf(id)["registry"]));
    }

    [Fact]
    public async Task A_limit_that_is_used_up_is_kept_to_before_it_is_refused()
    {
        var (desk, runPod) = Start(new RunPodSwitches { Quotas = new RunPodQuotas(Minute: 3) });
        using var _ = desk;
        await desk.Provider.ListInstancesAsync(default);
        await desk.Provider.ListInstancesAsync(default);
        Assert.Empty(desk.Pacer.Held);

        await desk.Provider.ListInstancesAsync(default);
        Assert.Equal([("runpod", "all", TimeSpan.FromMinutes(1))], desk.Pacer.Held);

        Assert.Equal(ProviderErrorKind.RateLimited, (await RunPodDesk.FailsAsync(() => desk.Provider.ListInstancesAsync(default))).Kind);
        desk.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Empty(await desk.Provider.ListInstancesAsync(default));
        Assert.Equal(5, runPod.Asked.Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_key_inside_a_pod_is_good_for_that_pod_at_most(bool good)
    {
        var (desk, runPod) = Start(new RunPodSwitches { PodKeyEndsPod = good });
        using var _ = desk;
        runPod.Add(new RunPodHost { Id = 1, Gpus = 2 });
        string[] pods = [.. Enumerable.Range(1, 2).Select(_ => (string)Ask(runPod, "POST", "v2/pods", Order())["id"]!)];
        var key = _backend.Orders[pods[0]].Environment["RUNPOD_API_KEY"];

        Assert.Equal(403, runPod.Answer(Request("DELETE", $"v2/pods/{pods[1]}") with { Key = key }).Status);
        Assert.Equal(403, runPod.Answer(Request("GET", "v2/pods") with { Key = key }).Status);
        Assert.Equal(good ? 204 : 403, runPod.Answer(Request("DELETE", $"v2/pods/{pods[0]}") with { Key = key }).Status);
    }

    /// <summary>Refusals of the contract's chapters 1 and 2, by their forms.</summary>
    [Theory]
    [InlineData("""{"name":"a","image":"i","disk":20,"gpu":{"id":"NVIDIA GeForce RTX 4090","count":1},"gpuTypeIds":[]}""", 422, "additional properties 'gpuTypeIds' not allowed")]
    [InlineData("""{"name":"a","image":"i","disk":20,"gpu":{"id":"NVIDIA GeForce RTX 4090","count":1,"interruptible":true}}""", 422, "$.gpu: additional properties")]
    [InlineData("""{"image":"i","disk":20,"gpu":{"id":"NVIDIA GeForce RTX 4090","count":1}}""", 422, "missing property 'name'")]
    [InlineData("""{"name":"a","image":"i","disk":20,"cloud":"ALL","gpu":{"id":"NVIDIA GeForce RTX 4090","count":1}}""", 422, "$.cloud")]
    [InlineData("""{"name":"a","image":"i","disk":20}""", 400, "exactly one of")]
    [InlineData("""{"name":"a","image":"i","gpu":{"id":"NVIDIA GeForce RTX 4090","count":1}}""", 400, "You must either provide a template id")]
    [InlineData("""{"name":"a","image":"i","disk":20,"gpu":{"id":"NVIDIA GeForce RTX 4090"}}""", 400, "There are no longer any instances available")]
    [InlineData("""{"name":"a","image":"i","disk":20,"gpu":{"id":"NVIDIA GeForce RTX 4090","count":1,"minCudaVersion":"12.4","allowedCudaVersions":["12.8"]}}""", 400, "exclude each other")]
    [InlineData("""{"name":"a","image":"i","disk":20,"gpu":{"id":"NVIDIA GeForce RTX 4090","count":1},"mounts":{"persistent":{"size":10,"path":"/a"},"network":[{"volumeId":"v","path":"/b"}]}}""", 400, "exclude each other")]
    [InlineData("""{"name":"a","image":"i","disk":20,"gpu":{"id":"NVIDIA GeForce RTX 4090","count":1},"mounts":{"network":[{"volumeId":"v","path":"/b"}]}}""", 400, "network volume")]
    [InlineData("""{"name":"a","templateId":"t","gpu":{"id":"NVIDIA GeForce RTX 4090","count":1}}""", 404, "template not found")]
    [InlineData("nonsense", 400, "invalid JSON body")]
    public void The_emulator_refuses_as_the_contract_says(string body, int status, string words)
    {
        var (desk, runPod) = Start();
        using var _ = desk;

        var answer = runPod.Answer(Request("POST", "v2/pods", body));

        Assert.Equal((status, "application/problem+json"), (answer.Status, answer.ContentType));
        Assert.Contains(words, JsonNode.Parse(answer.Body)!["errors"]?.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }) ?? JsonNode.Parse(answer.Body)!["detail"]!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void States_allow_what_the_contract_says()
    {
        var (desk, runPod) = Start(new RunPodSwitches { RunningAtOnce = false });
        using var _ = desk;
        var pod = Ask(runPod, "POST", "v2/pods", Order());
        Assert.Equal(("PROVISIONING", """["stop","terminate"]"""), ((string)pod["status"]!, pod["actions"]!.ToJsonString()));
        var id = (string)pod["id"]!;
        desk.Time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal("STARTING", (string)Ask(runPod, "GET", $"v2/pods/{id}")["status"]!);
        desk.Time.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal(409, Act("start"));
        Assert.Equal(422, Act("reset"));
        Assert.Equal(200, Act("stop"));
        Assert.Equal(409, Act("stop"));
        Assert.Equal(200, Act("start"));
        Assert.Equal(204, Act("terminate"));
        Assert.Equal(404, Act("terminate"));

        int Act(string action) => runPod.Answer(Request("POST", $"v2/pods/{id}/action", new JsonObject { ["action"] = action }.ToJsonString())).Status;
    }

    [Theory]
    [InlineData("v2/catalog/gpus?include=AVAILABILITY", 400)]
    [InlineData("v2/catalog/gpus?product=POD", 400)]
    [InlineData("v2/catalog/gpus?count=2", 400)]
    [InlineData("v2/catalog/gpus?include=AVAILABILITY&product=BOAT", 422)]
    [InlineData("v2/catalog/gpus/NVIDIA%20GeForce%20RTX%204090", 200)]
    [InlineData("v2/catalog/gpus/NVIDIA%20L4", 404)]
    [InlineData("v2/pods?limit=0", 422)]
    [InlineData("v2/pods?cursor=x", 422)]
    [InlineData("v2/pods?status=RUNNING", 200)]
    [InlineData("v2/user", 404)]
    [InlineData("v1/pods", 410)]
    public void Queries_are_held_to_their_form(string path, int status)
    {
        var (desk, runPod) = Start();
        using var _ = desk;

        Assert.Equal(status, runPod.Answer(Request("GET", path)).Status);
    }

    [Theory]
    [InlineData("", 403)]
    [InlineData("Python-urllib/3.12", 403)]
    [InlineData("orchestrator/1.0", 200)]
    public void The_edge_wants_a_name(string agent, int status)
    {
        var (desk, runPod) = Start();
        using var _ = desk;

        Assert.Equal(status, runPod.Answer(Request("GET", "v2/pods") with { UserAgent = agent }).Status);
        runPod.Switches = new RunPodSwitches { RefusesNamelessClients = false };
        Assert.Equal(200, runPod.Answer(Request("GET", "v2/pods") with { UserAgent = agent }).Status);
    }

    [Theory]
    [InlineData(true, 204)]
    [InlineData(false, 400)]
    public void A_volume_keeps_a_pod_where_it_is(bool deletes, int status)
    {
        var (desk, runPod) = Start(new RunPodSwitches { DeletesMountedVolumes = deletes });
        using var _ = desk;
        runPod.Add(new RunPodHost { Id = 2, DataCenter = "EU-CZ-1" });
        var volume = (string)Ask(runPod, "POST", "v2/network-volumes", """{"name":"data","size":100,"dataCenter":"EU-CZ-1"}""")["id"]!;

        var pod = Ask(runPod, "POST", "v2/pods", Order($$""" "mounts":{"network":[{"volumeId":"{{volume}}","path":"/data"}]}, """));

        Assert.Equal("EU-CZ-1", (string)pod["dataCenterId"]!);
        Assert.Equal(400, runPod.Answer(Request("POST", "v2/pods", Order($$""" "dataCenterIds":["EU-RO-1"],"mounts":{"network":[{"volumeId":"{{volume}}","path":"/data"}]}, """))).Status);
        Assert.Equal(status, runPod.Answer(Request("DELETE", $"v2/network-volumes/{volume}")).Status);
    }

    [Theory]
    [InlineData(true, 201)]
    [InlineData(false, 400)]
    public void Without_a_cloud_a_create_means_the_data_centres_or_both(bool any, int status)
    {
        var (desk, runPod) = Start(new RunPodSwitches { NoCloudMeansAny = any });
        using var _ = desk;
        runPod.Add(new RunPodHost { Id = 1, Secure = false });

        Assert.Equal(status, runPod.Answer(Request("POST", "v2/pods", Order())).Status);
    }
}
