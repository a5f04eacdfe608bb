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

/// <summary>The provider against the emulator, without a network: lives of pods, and what the contract leaves open, either way.</summary>
public sealed class RunPodEmulatorTests
{
    private const string Card = "NVIDIA GeForce RTX 4090";

    private readonly NoBackend _backend = new();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_pod_is_rented_boots_and_is_destroyed(bool runningAtOnce)
    {
        var (desk, runPod) = Start(new RunPodSwitches { RunningAtOnce = runningAtOnce });
        using var _ = desk;

        var id = await CreateAsync(desk);
        Assert.Equal(InstanceStatus.Booting, (await ListedAsync(desk)).Status);
        Assert.Equal(ProviderErrorKind.Transient, (await RunPodDesk.FailsAsync(() => desk.Provider.GetEndpointAsync(id, default))).Kind);
        desk.Time.Advance(TimeSpan.FromSeconds(62));
        // Its container is up, its port is not.
        Assert.Equal(InstanceStatus.Booting, (await ListedAsync(desk)).Status);

        desk.Time.Advance(TimeSpan.FromSeconds(30));
        var running = await ListedAsync(desk);
        Assert.Equal((id, InstanceStatus.Running, "orc-e1-7-1"), (running.InstanceId, running.Status, running.Label));
        Assert.IsType<SshEndpoint>(await desk.Provider.GetEndpointAsync(id, default));

        await desk.Provider.DestroyAsync(id, default);
        Assert.Empty(await desk.Provider.ListInstancesAsync(default));
        Assert.Empty(_backend.Kept);
        Assert.Equal(ProviderErrorKind.NotFound, (await RunPodDesk.FailsAsync(() => desk.Provider.GetEndpointAsync(id, default))).Kind);
        Assert.Equal(ProviderErrorKind.NotFound, (await RunPodDesk.FailsAsync(() => desk.Provider.DestroyAsync(id, default))).Kind);
        Assert.Empty(runPod.Rented);
    }

    [Fact]
    public async Task The_container_is_our_script_with_its_keys_and_nobody_elses()
    {
        var (desk, runPod) = Start();
        using var _ = desk;
        Ask(runPod, "PUT", "v2/account/ssh-keys", """{"keys":["ssh-ed25519 AAAA me"]}""");

        var id = await CreateAsync(desk);

        var order = _backend.Orders[id];
        Assert.Equal(("ubuntu:24.04", "/bin/sh", "-c"), (order.Image, order.Entrypoint, order.Arguments[0]));
        Assert.Equal((desk.Keys.HostKeyOf("orc-e1-7-1").Pem.Trim(), "22"), (order.Arguments[^3], order.Arguments[^1]));
        Assert.Equal(22, Assert.Single(order.Ports));
        Assert.Equal(("0", id, false), (order.Environment["RUNPOD_POD_USER"], order.Environment["RUNPOD_POD_ID"], order.Environment.ContainsKey("PUBLIC_KEY")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Servers_with_and_without_the_newer_fields_take_our_create(bool newer)
    {
        var (desk, runPod) = Start(new RunPodSwitches { TakesCmdAndEntrypoint = newer, TakesHostFilters = newer, DiskRequired = newer });
        using var _ = desk;

        var id = await CreateAsync(desk);

        Assert.Equal(newer, runPod.OrderOf(id)["gpu"]!.AsObject().ContainsKey("minRamPerGpu"));
        Assert.Equal("/bin/sh", _backend.Orders[id].Entrypoint);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_list_is_whole_with_pages_and_without(bool pages)
    {
        var (desk, runPod) = Start(new RunPodSwitches { Pagination = pages, PageRows = 7 });
        using var _ = desk;
        runPod.Add(new RunPodHost { Id = 1, Gpus = 30 });
        for (var job = 1; job <= 25; job++)
        {
            await desk.Provider.CreateAsync(RunPodDesk.Launch($"orc-e1-{job}-1", $"secure/{Card}/1/EU-RO-1", 1), default);
            desk.Time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(25, (await desk.Provider.ListInstancesAsync(default)).Select(instance => instance.Label).Distinct().Count());
    }

    [Fact]
    public async Task A_place_that_refused_is_not_offered_again_at_once_and_the_next_is_taken()
    {
        var (desk, runPod) = Start();
        using var _ = desk;
        runPod.Add(new RunPodHost { Id = 2, DataCenter = "EU-CZ-1" });
        runPod.FailNext("POST", "v2/pods", RunPodFault.NoCapacity);
        var first = await OfferAsync(desk);

        Assert.Equal(ProviderErrorKind.NoCapacity, (await RunPodDesk.FailsAsync(() => CreateAsync(desk))).Kind);

        var next = await OfferAsync(desk);
        Assert.NotEqual(first.Id, next.Id);
        await CreateAsync(desk);
        Assert.Equal(InstanceStatus.Booting, (await ListedAsync(desk)).Status);

        desk.Time.Advance(TimeSpan.FromMinutes(4));
        Assert.Contains(await desk.Provider.ListOffersAsync(default), offer => offer.Id == first.Id);
    }

    [Fact]
    public async Task A_data_centre_is_a_condition_and_so_is_the_driver()
    {
        var (desk, runPod) = Start();
        using var _ = desk;
        runPod.Add(new RunPodHost { Id = 1, Cuda = "12.4" });
        runPod.Add(new RunPodHost { Id = 2, DataCenter = "EU-CZ-1", Cuda = "12.8" });

        Assert.Equal(ProviderErrorKind.NoCapacity, (await RunPodDesk.FailsAsync(() => desk.Provider.CreateAsync(RunPodDesk.Launch(offer: $"secure/{Card}/1/US-TX-3", gpus: 1), default))).Kind);
        Assert.Equal(ProviderErrorKind.NoCapacity, (await RunPodDesk.FailsAsync(() => desk.Provider.CreateAsync(RunPodDesk.Launch(offer: $"secure/{Card}/1/EU-RO-1/cuda12.8", gpus: 1), default))).Kind);

        var id = await desk.Provider.CreateAsync(RunPodDesk.Launch(offer: $"secure/{Card}/1/EU-CZ-1/cuda12.8", gpus: 1), default);
        Assert.Equal("EU-CZ-1", (string?)Ask(runPod, "GET", $"v2/pods/{id}")["dataCenterId"]);
    }

    [Fact]
    public async Task The_offers_figures_of_a_host_hold()
    {
        var (desk, runPod) = Start();
        using var _ = desk;
        runPod.Add(new RunPodHost { Id = 1, Ram = 8 });

        Assert.Equal(ProviderErrorKind.NoCapacity, (await RunPodDesk.FailsAsync(() => CreateAsync(desk))).Kind);
    }

    [Fact]
    public async Task Both_clouds_have_their_prices_and_their_hosts()
    {
        var (desk, runPod) = Start();
        using var _ = desk;
        runPod.Add(new RunPodHost { Id = 2, Secure = false, DataCenter = null, Gpus = 2 });

        var offers = await desk.Provider.ListOffersAsync(default);

        Assert.Equal([0.34m, 0.68m, 0.74m], offers.Select(offer => offer.PricePerHour.Dollars).Order());
        var id = await CreateAsync(desk, offers.Single(offer => offer.Labels.Contains("community") && offer.GpuCount == 2));
        Assert.Equal("COMMUNITY", (string?)Ask(runPod, "GET", $"v2/pods/{id}")["cloud"]);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(422)]
    public async Task A_card_that_left_the_catalogue_is_no_capacity_whatever_the_status(int status)
    {
        var (desk, _) = Start(new RunPodSwitches { UnknownCardStatus = status });
        using var __ = desk;

        Assert.Equal(ProviderErrorKind.NoCapacity, (await RunPodDesk.FailsAsync(() => desk.Provider.CreateAsync(RunPodDesk.Launch(offer: "secure/NVIDIA L4/1/any", gpus: 1), default))).Kind);
    }

    [Theory]
    [InlineData(RunPodFault.AnswerLost)]
    [InlineData(RunPodFault.ErrorAfterwards)]
    public async Task A_create_whose_answer_is_lost_is_found_by_its_label(RunPodFault fault)
    {
        var (desk, runPod) = Start();
        using var _ = desk;
        runPod.FailNext("POST", "v2/pods", fault);

        Assert.Equal(ProviderErrorKind.Transient, (await RunPodDesk.FailsAsync(() => CreateAsync(desk))).Kind);
        Assert.Equal("orc-e1-7-1", (await ListedAsync(desk)).Label);
    }

    [Fact]
    public async Task A_list_may_lag_behind_a_create()
    {
        var (desk, _) = Start(new RunPodSwitches { ListLag = TimeSpan.FromSeconds(20) });
        using var __ = desk;
        await CreateAsync(desk);

        Assert.Empty(await desk.Provider.ListInstancesAsync(default));
        desk.Time.Advance(desk.Provider.Timings.Settling);
        Assert.Equal("orc-e1-7-1", (await ListedAsync(desk)).Label);
    }

    [Theory]
    [InlineData(RunPodFault.TooMany, ProviderErrorKind.RateLimited)]
    [InlineData(RunPodFault.EdgePage, ProviderErrorKind.Unknown)]
    [InlineData(RunPodFault.BadGateway, ProviderErrorKind.Transient)]
    [InlineData(RunPodFault.Retired, ProviderErrorKind.Gone)]
    public async Task A_create_that_was_not_served_rented_nothing(RunPodFault fault, ProviderErrorKind kind)
    {
        var (desk, runPod) = Start();
        using var _ = desk;
        runPod.FailNext("POST", "v2/pods", fault);

        var refused = await RunPodDesk.FailsAsync(() => CreateAsync(desk));

        Assert.Equal(kind, refused.Kind);
        Assert.Equal(fault == RunPodFault.TooMany ? TimeSpan.FromSeconds(12) : kind == ProviderErrorKind.Gone ? null : refused.RetryAfter, refused.RetryAfter);
        Assert.Empty(runPod.Rented);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_image_that_cannot_be_pulled_stops_the_pod(bool error)
    {
        var (desk, runPod) = Start(new RunPodSwitches { PullFailureIsError = error });
        using var _ = desk;
        runPod.FailNext("POST", "v2/pods", RunPodFault.PullFails);
        var id = await CreateAsync(desk);
        Assert.Equal(InstanceStatus.Booting, (await ListedAsync(desk)).Status);

        desk.Time.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal(InstanceStatus.Stopped, (await ListedAsync(desk)).Status);
        Assert.Contains("error pulling image", runPod.Answer(Request("GET", $"v2/pods/{id}/logs")).Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_host_that_fails_stops_its_pod_whose_card_others_may_take(bool costKept)
    {
        var (desk, runPod) = Start(new RunPodSwitches { CostKeptWhenExited = costKept });
        using var _ = desk;
        var id = await CreateAsync(desk);
        desk.Time.Advance(TimeSpan.FromMinutes(5));

        runPod.LoseHost(id);

        Assert.Equal(InstanceStatus.Stopped, (await ListedAsync(desk)).Status);
        Assert.Equal(costKept ? 0.74 : 0, (double)Ask(runPod, "GET", $"v2/pods/{id}")["cost"]!);
        runPod.Add(new RunPodHost { Id = 1, Taken = 1 });
        Assert.Contains("not enough free GPUs", runPod.Answer(Request("POST", $"v2/pods/{id}/action", """{"action":"start"}""")).Body, StringComparison.Ordinal);
        await desk.Provider.DestroyAsync(id, default);
        Assert.Empty(runPod.Rented);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Ports_move_with_a_restart_and_are_read_anew(bool moves)
    {
        var (desk, runPod) = Start(new RunPodSwitches { RestartMovesPorts = moves });
        using var _ = desk;
        var id = await CreateAsync(desk);
        desk.Time.Advance(TimeSpan.FromMinutes(5));
        var before = Assert.IsType<SshEndpoint>(await desk.Provider.GetEndpointAsync(id, default));

        Ask(runPod, "POST", $"v2/pods/{id}/action", """{"action":"restart"}""");
        Assert.Equal(InstanceStatus.Booting, (await ListedAsync(desk)).Status);
        desk.Time.Advance(TimeSpan.FromMinutes(5));

        var after = Assert.IsType<SshEndpoint>(await desk.Provider.GetEndpointAsync(id, default));
        Assert.Equal(moves, before.Machine.Port != after.Machine.Port);
        Assert.Equal(before.Machine.HostKey, after.Machine.HostKey);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Money_that_runs_out_ends_everything_and_rents_nothing(bool words)
    {
        var (desk, runPod) = Start(new RunPodSwitches { WordsAboutBalance = words });
        using var _ = desk;
        runPod.Balance = 0.5;
        await CreateAsync(desk);
        Assert.Equal(0.5m, (await desk.Provider.GetAccountAsync(default)).Spendable!.Value.Dollars);
        desk.Time.Advance(TimeSpan.FromHours(1));

        Assert.Empty(await desk.Provider.ListInstancesAsync(default));
        Assert.Equal(ProviderErrorKind.InsufficientFunds, (await RunPodDesk.FailsAsync(() => CreateAsync(desk))).Kind);
    }

    /// <summary>An hour and 20 minutes on the books, of which a minute is boot.</summary>
    [Theory]
    [InlineData(true, 80)]
    [InlineData(false, 79)]
    public async Task Charges_are_the_bill(bool billedWhilePulling, int minutes)
    {
        var (desk, runPod) = Start(new RunPodSwitches { BilledWhilePulling = billedWhilePulling });
        using var _ = desk;
        var from = desk.Time.GetUtcNow();
        var id = await CreateAsync(desk);
        desk.Time.Advance(TimeSpan.FromMinutes(80));
        await desk.Provider.DestroyAsync(id, default);
        desk.Time.Advance(TimeSpan.FromHours(3));

        var fine = await desk.Provider.ListChargesAsync(from.AddDays(-1), desk.Time.GetUtcNow(), default);
        var coarse = await desk.Provider.ListChargesAsync(from.AddDays(-20), desk.Time.GetUtcNow(), default);

        // 40 GB of disk at $0.10 a month.
        var (gpu, disk) = (0.74m * minutes / 60, 4m / 730 * minutes / 60);
        Assert.Equal(2, fine.Count);
        foreach (var charges in (IReadOnlyList<InstanceCharge>[])[fine, coarse])
        {
            Assert.All(charges, charge => Assert.Equal(id, charge.InstanceId));
            Assert.Equal((double)gpu, (double)charges.Sum(charge => charge.Compute.Dollars), 1e-5);
            Assert.Equal((double)disk, (double)charges.Sum(charge => charge.Disk.Dollars), 1e-5);
            Assert.Equal(runPod.Bill, (double)charges.Sum(charge => charge.Total.Dollars), 1e-5);
        }
    }

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

    private static string Order(string more = "") => $$$"""{"name":"a","image":"i","disk":20,{{{more}}}"gpu":{"id":"{{{Card}}}","count":1}}""";

    private static JsonNode Ask(RunPodEmulator runPod, string method, string path, string body = "") => JsonNode.Parse(runPod.Answer(Request(method, path, body)).Body)!;

    private static EmulatedRequest Request(string method, string path, string body = "")
    {
        var parts = path.Split('?');
        var query = parts.Length == 1 ? [] : parts[1].Split('&').Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);
        return new(method, parts[0], query, RunPodDesk.ApiKey, body) { UserAgent = "test" };
    }

    /// <summary>One machine with one card.</summary>
    private (RunPodDesk Desk, RunPodEmulator RunPod) Start(RunPodSwitches? switches = null)
    {
        RunPodEmulator? runPod = null;
        var desk = new RunPodDesk(new InProcessHandler(new Late(() => runPod!)));
        runPod = new RunPodEmulator(desk.Time, _backend) { Switches = switches ?? new RunPodSwitches(), Key = RunPodDesk.ApiKey };
        runPod.Add(new RunPodCardEntry());
        runPod.Add(new RunPodHost { Id = 1 });
        return (desk, runPod);
    }

    private static async Task<Offer> OfferAsync(RunPodDesk desk) => (await desk.Provider.ListOffersAsync(default)).OrderBy(offer => offer.Id, StringComparer.Ordinal).First();

    private static async Task<string> CreateAsync(RunPodDesk desk, Offer? offer = null)
    {
        var chosen = offer ?? await OfferAsync(desk);
        return await desk.Provider.CreateAsync(new LaunchRequest { Label = "orc-e1-7-1", JobName = "test", Offer = OfferTaken.Of(chosen, null) with { DiskBytes = 40_000_000_000 } }, default);
    }

    private static async Task<ListedInstance> ListedAsync(RunPodDesk desk) => Assert.Single(await desk.Provider.ListInstancesAsync(default));

    /// <summary>The emulator goes by the desk's clock, which is made with the handler.</summary>
    private sealed class Late(Func<IEmulatedApi> api) : IEmulatedApi
    {
        public EmulatedAnswer Answer(EmulatedRequest request) => api().Answer(request);
    }
}
