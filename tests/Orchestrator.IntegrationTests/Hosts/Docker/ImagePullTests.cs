using System.Globalization;
using Orchestrator.Drills.Kit;
using Orchestrator.IntegrationTests.Chaos;
using Orchestrator.IntegrationTests.Support;
using Orchestrator.IntegrationTests.Support.Ssh;
using Xunit;

namespace Orchestrator.IntegrationTests.Hosts.Docker;

/// <summary>What cuts a pull short while a layer is on its way: the registry's line, ours to the machine, and a person.</summary>
public sealed class ImagePullTests : IAsyncLifetime
{
    private readonly TestServer _server = new();
    private readonly ContainerJobs _jobs;

    // It tells of the first line that breaks, instead of trying for a minute by itself.
    private readonly TestDocker _docker = new(null, "--max-download-attempts 1");
    private readonly TestMachine _box;
    private TcpProxy? _wire;
    private LayerLine? _line;

    public ImagePullTests()
    {
        _jobs = new(_server);
        _box = new("box", _docker.Host);
    }

    public async Task InitializeAsync()
    {
        if (new DockerFactAttribute().Skip is not null)
        {
            return;
        }

        await _docker.InitializeAsync();
        await _box.InitializeAsync();
        _wire = new(_box.Ip, _box.Port);
        _line = new(_docker.Registry);
        _server.Environment["ORCHESTRATOR_TUNING"] =
            "lease=90,lease-margin=1,effect-timeout=45,settling=4,listing-age=1,observe=0.5,sweep=3,channel-lease=6,channel-silence=20,silence=4,loss-max-wait=120,backoff=0.5,"
            + "effect-retry=4,destroy-retry=3,offer-retry=2,boot=300,connect=300";
        var site = new Site("pull");
        await File.WriteAllTextAsync(Path.Combine(site.Data, "orchestrator.yaml"), string.Create(CultureInfo.InvariantCulture, $$"""
            machines:
              box: {address: 127.0.0.1, port: {{_wire.Port}}, user: {{Environment.UserName}}, key: {{_box.KeyFile}}, root: {{_box.Root}}, slots: 2}
            """));
        await _server.StartAsync(site);
        await _jobs.SetSecretAsync("pulls", TestRegistry.Password);
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _box.DisposeAsync();
        if (_line is not null && _wire is not null)
        {
            await _line.DisposeAsync();
            await _wire.DisposeAsync();
        }

        await _docker.DisposeAsync();
    }

    [DockerFact]
    public async Task A_layer_that_breaks_off_is_told_and_pulled_again_while_another_job_trains_on()
    {
        var beside = await SubmitAsync("beside", _docker.Registry + "/test/small:12");
        var neighbour = await _jobs.ContainerAsync(_docker, beside, not: "");
        await _jobs.LoggedAsync(beside, "step 40");
        var image = $"{_line!.Host}/{await _docker.PushNoiseAsync("broken", 16)}";
        _line.Breaks = true;
        var job = await SubmitAsync("broken", image);

        var why = "";
        await _jobs.UntilAsync(
            async () => (why = (await _server.Api.JobAsync(job)).ToString()).Contains("box cannot reach the registry of " + image.Split(':')[0], StringComparison.Ordinal), "the job to say what broke");
        _line.Breaks = false;

        var container = await _jobs.ContainerAsync(_docker, job, not: "");
        var ended = await _jobs.ReleaseAsync(_docker, job, container);
        Assert.True(ended["attempts"]!.AsArray().Count > 1, ended.ToString());
        Assert.Single((await _jobs.ReleaseAsync(_docker, beside, neighbour))["attempts"]!.AsArray());
        await NothingLeftAsync();
    }

    [DockerFact]
    public async Task A_pull_whose_own_connection_is_cut_is_begun_again_by_the_same_attempt_and_makes_one_container()
    {
        var image = $"{_line!.Host}/{await _docker.PushNoiseAsync("cut", 16)}";
        _line.Holds = true;
        var job = await SubmitAsync("cut", image);
        await _jobs.UntilAsync(() => Task.FromResult(_line.HasHeld), "a layer on its way");

        _wire!.Cut();
        _line.Holds = false;

        var container = await _jobs.ContainerAsync(_docker, job, not: "");
        await _jobs.LoggedAsync(job, "step 40");
        Assert.Equal([container], await _docker.ContainersAsync());
        var ended = await _jobs.ReleaseAsync(_docker, job, container);
        Assert.True(ended["attempts"]!.AsArray().Count == 1, ended.ToString());
        await NothingLeftAsync();
    }

    [DockerFact]
    public async Task A_cancel_while_a_layer_is_on_its_way_ends_the_pull_and_leaves_nothing()
    {
        var image = $"{_line!.Host}/{await _docker.PushNoiseAsync("unwanted", 16)}";
        _line.Holds = true;
        var job = await SubmitAsync("unwanted", image);
        await _jobs.UntilAsync(() => Task.FromResult(_line.HasHeld), "a layer on its way");
        await _jobs.UntilAsync(async () => (await _server.Api.JobAsync(job)).ToString().Contains("pulling the image", StringComparison.Ordinal), "the job to say what it waits for");

        Assert.Equal(0, (await _server.Orc("cancel", "unwanted")).ExitCode);

        // The layer does not move: nobody has waited for it.
        var ended = await _jobs.EndAsync(job);
        Assert.True(ended["state"]!.GetValue<string>() == "cancelled", ended.ToString());
        await NothingLeftAsync();
        await _jobs.UntilAsync(
            () =>
            {
                _line.Drip();
                return Task.FromResult(_line.Count == 0);
            },
            "Docker to let go of the registry");
        Assert.Equal("", await _docker.RunAsync("images", "--quiet", _line.Host + "/test/unwanted"));
        Assert.False(Directory.Exists(Path.Combine(_box.Root, "images")) && Directory.GetFiles(Path.Combine(_box.Root, "images")).Length > 0, "an image on our books that was never pulled");
    }

    private Task<long> SubmitAsync(string name, string image) =>
        _jobs.SubmitAsync(name, image, $"providers: [ssh/box]\nregistry-auth: {{username: {TestRegistry.User}, password: pulls}}");

    private Task NothingLeftAsync() => _jobs.UntilAsync(
        async () => (await _docker.ContainersAsync()).Length == 0 && Directory.GetDirectories(_box.Instances).Length == 0, "nothing left on the machine");
}
