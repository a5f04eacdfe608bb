using System.Text.Json.Nodes;
using Orchestrator.Attempts;
using Orchestrator.Emulators;
using Orchestrator.Emulators.RunPod;
using Orchestrator.Offers;
using Orchestrator.Providers;
using Orchestrator.Providers.Renting;
using Orchestrator.Providers.RunPod;
using Orchestrator.Reconciling;
using Orchestrator.Tests.Emulators;
using Xunit;

namespace Orchestrator.Tests.Providers.RunPod;

/// <summary>The provider against the emulator, without a network: lives of pods, and what the contract leaves open, either way.</summary>
public sealed partial class RunPodEmulatorTests
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
        Assert.Equal((desk.Keys.HostKeyOf("orc-e1-7-1").Pem.Trim(), "22"), (order.Arguments[^5], order.Arguments[^3]));
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
        Assert.Equal(ProviderErrorKind.NoCapacity, (await RunPodDesk.FailsAsync(() => desk.Provider.CreateAsync(RunPodDesk.Launch(offer: $"secure/{Card}/1/EU-RO-1/cuda12.8", gpus: 1) with { Cuda = RunPodPlace.Version("12.8") }, default))).Kind);

        var id = await desk.Provider.CreateAsync(RunPodDesk.Launch(offer: $"secure/{Card}/1/EU-CZ-1/cuda12.8", gpus: 1), default);
        Assert.Equal("EU-CZ-1", (string?)Ask(runPod, "GET", $"v2/pods/{id}")["dataCenterId"]);
    }

    /// <summary>The catalogue has the newest driver of the card anywhere.</summary>
    [Theory]
    [InlineData(null)]
    [InlineData(4)]
    public async Task A_driver_that_this_place_lacks_is_wanted_only_where_the_job_wants_it(int? minor)
    {
        var (desk, runPod) = Start();
        using var _ = desk;
        runPod.Add(new RunPodHost { Id = 1, DataCenter = "EU-CZ-1", Cuda = "12.8" });
        runPod.Add(new RunPodHost { Id = 2, DataCenter = "US-TX-3", Cuda = "12.4" });
        var launch = RunPodDesk.Launch(offer: $"secure/{Card}/1/US-TX-3/cuda12.8", gpus: 1);

        var id = await desk.Provider.CreateAsync(minor is { } needed ? launch with { Cuda = new(12, needed) } : launch, default);

        Assert.Equal("US-TX-3", (string?)Ask(runPod, "GET", $"v2/pods/{id}")["dataCenterId"]);
        Assert.Single(runPod.Rented);
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

    private static string Order(string more = "") => $$$"""{"name":"a","image":"i","disk":20,{{{more}}}"gpu":{"id":"{{{Card}}}","count":1}}""";

    private static JsonNode Ask(RunPodEmulator runPod, string method, string path, string body = "") => JsonNode.Parse(runPod.Answer(Request(method, path, body)).Body)!;

    private static EmulatedRequest Request(string method, string path, string body = "")
    {
        var parts = path.Split('?');
        var query = parts.Length == 1 ? [] : parts[1].Split('&').Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);
        return new(method, parts[0], query, RunPodDesk.ApiKey, body) { UserAgent = "test" };
    }

    /// <summary>One machine with one card.</summary>
    private (RunPodDesk Desk, RunPodEmulator RunPod) Start(RunPodSwitches? switches = null, RunPodOptions? options = null)
    {
        RunPodEmulator? runPod = null;
        var desk = new RunPodDesk(new InProcessHandler(new LateApi(() => runPod!)), options);
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
}
