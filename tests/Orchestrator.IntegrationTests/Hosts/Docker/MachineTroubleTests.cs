using System.Globalization;
using Orchestrator.Drills.Kit;
using Orchestrator.IntegrationTests.Chaos;
using Orchestrator.IntegrationTests.Support;
using Orchestrator.IntegrationTests.Support.Ssh;
using Xunit;

namespace Orchestrator.IntegrationTests.Hosts.Docker;

/// <summary>Machines that cannot get an image, have no room for it, or give no GPU to a container: each says so, and its job goes elsewhere or waits.</summary>
public sealed class MachineTroubleTests : IClassFixture<TestDocker>, IAsyncLifetime
{
    private readonly TestDocker _docker;
    private readonly TestDocker _small = new("160m");
    private readonly TestServer _server = new();
    private readonly ContainerJobs _jobs;
    private readonly string _password = Path.GetTempFileName();
    private readonly TestMachine _box;
    private readonly TestMachine _tiny;
    private readonly TestMachine _graphics;
    private readonly TestMachine _driverless;

    public MachineTroubleTests(TestDocker docker)
    {
        _docker = docker;
        _jobs = new(_server);
        _box = new("box", docker.Host);
        _tiny = new("tiny", _small.Host);
        _graphics = new("graphics", _small.Host, showsGpu: true);
        _driverless = new("driverless", docker.Host, showsGpu: true);
    }

    private TestMachine[] Machines => [_box, _tiny, _graphics, _driverless];

    public async Task InitializeAsync()
    {
        if (new DockerFactAttribute().Skip is not null)
        {
            return;
        }

        await _small.InitializeAsync();
        await Task.WhenAll(Machines.Select(machine => machine.InitializeAsync()));
        _server.Environment["ORCHESTRATOR_TUNING"] =
            "lease=90,lease-margin=1,effect-timeout=45,settling=4,listing-age=1,observe=0.5,sweep=3,channel-lease=6,channel-silence=20,silence=4,loss-max-wait=120,backoff=0.5,"
            + "effect-retry=4,destroy-retry=3,offer-retry=2,denied-wait=2,boot=300,connect=300";
        var site = new Site("trouble");
        var lines = Machines.Select((machine, at) => string.Create(
            CultureInfo.InvariantCulture,
            $$"""  {{machine.Name}}: {address: {{machine.Ip}}, port: {{machine.Port}}, user: {{Environment.UserName}}, key: {{machine.KeyFile}}, root: {{machine.Root}}, slots: {{(machine == _graphics || machine == _driverless ? 1 : 2)}}, price: ${{(machine == _tiny ? 1 : 2)}}/h}"""));
        await File.WriteAllTextAsync(_password, TestRegistry.Password);
        File.SetUnixFileMode(_password, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await File.WriteAllTextAsync(
            Path.Combine(site.Data, "orchestrator.yaml"),
            $$"""
            machines:
            {{string.Join('\n', lines)}}
            registries:
              tests: {host: {{_docker.Registry}}, user: {{TestRegistry.User}}, password: {file: {{_password}} } }
            """);
        await _server.StartAsync(site);
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        if (new DockerFactAttribute().Skip is null)
        {
            foreach (var container in await _docker.ContainersAsync())
            {
                await _docker.RunAsync("rm", "--force", container);
            }
        }

        await Task.WhenAll(Machines.Select(machine => machine.DisposeAsync()));
        await _small.DisposeAsync();
        File.Delete(_password);
    }

    [DockerFact]
    public async Task An_image_that_one_machine_is_denied_is_asked_for_again_and_one_that_everybody_is_denied_pauses_its_job()
    {
        using var moody = new DenyingRegistry(_docker.Registry, everybody: false);
        using var closed = new DenyingRegistry(_docker.Registry, everybody: true);
        await _jobs.SetSecretAsync("pulls", TestRegistry.Password);
        var login = $"providers: [ssh/box]\nregistry-auth: {{username: {TestRegistry.User}, password: pulls}}";
        var patient = await _jobs.SubmitAsync("patient", moody.Host + "/test/small:12", login);
        var refused = await _jobs.SubmitAsync("refused", closed.Host + "/test/small:12", login);

        var why = await _jobs.PausedAsync(refused);
        Assert.Contains("the registry does not let box pull " + closed.Host, why, StringComparison.Ordinal);
        Assert.Contains("this server is refused it as well", why, StringComparison.Ordinal);
        Assert.Contains("orchestrator resume refused", why, StringComparison.Ordinal);

        var container = await _jobs.ContainerAsync(_docker, patient, not: "");
        var ended = await _jobs.ReleaseAsync(_docker, patient, container);
        // Once, and then it got it; a machine this busy may lose an attempt for another reason.
        Assert.Single(ended["attempts"]!.AsArray(), attempt => attempt!.ToString().Contains("the registry does not let box pull " + moody.Host, StringComparison.Ordinal));
    }

    [DockerFact]
    public async Task An_image_that_we_pulled_is_removed_when_nothing_has_wanted_it_for_long_and_no_other()
    {
        foreach (var there in (await _docker.RunAsync("images", "--quiet", _docker.Registry + "/test/small")).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            await _docker.RunAsync("image", "rm", "--force", there);
        }

        var job = await _jobs.SubmitAsync("tidy", _docker.Image);
        var container = await _jobs.ContainerAsync(_docker, job, not: "");
        var record = Assert.Single(Directory.GetFiles(Path.Combine(_box.Root, "images")));
        var image = (await File.ReadAllTextAsync(record)).Trim();
        Assert.StartsWith(_docker.Registry + "/test/small@sha256:", image, StringComparison.Ordinal);
        var longAgo = DateTime.UtcNow.AddDays(-30);

        // In use.
        File.SetLastWriteTimeUtc(record, longAgo);
        await _jobs.UntilLookedAtAsync(() => Task.FromResult(File.GetLastWriteTimeUtc(record) > longAgo.AddDays(1)), "the image to be found in use");
        await _docker.RunAsync("image", "inspect", image);
        await _jobs.ReleaseAsync(_docker, job, container);
        await _jobs.UntilAsync(async () => (await _docker.ContainersAsync()).Length == 0, "the end of all containers");

        // Somebody else's now.
        await _docker.RunAsync("tag", image, "somebody/likes-it:1");
        File.SetLastWriteTimeUtc(record, longAgo);
        await _jobs.UntilLookedAtAsync(() => Task.FromResult(!File.Exists(record)), "the image to be left to whoever named it");
        await _docker.RunAsync("image", "inspect", image);

        // Ours alone.
        await _docker.RunAsync("rmi", "somebody/likes-it:1");
        await File.WriteAllTextAsync(record, image + "\n");
        File.SetLastWriteTimeUtc(record, longAgo);
        await _jobs.UntilLookedAtAsync(() => Task.FromResult(!File.Exists(record)), "the image to be removed");
        await Assert.ThrowsAsync<InvalidOperationException>(() => _docker.RunAsync("image", "inspect", image));
        await _docker.RunAsync("image", "inspect", TestDocker.Idle);
        await _jobs.UntilAsync(async () => (await File.ReadAllTextAsync(_server.Server.Log)).Contains($"removed {image}, which we pulled", StringComparison.Ordinal), "the log to tell it");
    }

    [DockerFact]
    public async Task An_image_that_does_not_fit_on_one_machine_is_run_on_another_and_a_job_beside_it_goes_on()
    {
        var large = await _docker.PushLargeAsync(300);
        var neighbour = await _jobs.SubmitAsync("neighbour", _docker.Image, "providers: [ssh/tiny]");
        var beside = await _jobs.ContainerAsync(_small, neighbour, not: "");
        await _jobs.LoggedAsync(neighbour, "step 40");

        var job = await _jobs.SubmitAsync("large", large, "providers: [ssh/tiny, ssh/box]");

        var container = await _jobs.ContainerAsync(_docker, job, not: "");
        var ended = await _jobs.ReleaseAsync(_docker, job, container);
        Assert.Equal(["ssh/tiny", "ssh/box"], ended["attempts"]!.AsArray().Select(attempt => attempt!["host"]!.GetValue<string>()));
        var why = ended["attempts"]![0]!.ToString();
        Assert.Contains("the disk where Docker keeps images on tiny is full; free some there (docker system prune)", why, StringComparison.Ordinal);
        Assert.Single((await _jobs.ReleaseAsync(_small, neighbour, beside))["attempts"]!.AsArray());
        await _jobs.UntilAsync(async () => (await _small.ContainersAsync()).Length + (await _docker.ContainersAsync()).Length == 0, "the end of all containers");
        // What came of it is gone again: there is no half of an image.
        Assert.Equal("", await _small.RunAsync("images", "--quiet", _docker.Registry + "/test/large"));
    }

    [DockerFact]
    public async Task A_machine_whose_docker_gives_no_gpu_says_what_to_install()
    {
        const string Gpu = "providers: [ssh/MACHINE]";
        var waits = await _jobs.SubmitAsync("waits", _docker.Image, Gpu.Replace("MACHINE", "driverless", StringComparison.Ordinal), "H100-80GB");
        var tries = await _jobs.SubmitAsync("tries", _docker.Image, Gpu.Replace("MACHINE", "graphics", StringComparison.Ordinal), "H100-80GB");
        var other = await _jobs.SubmitAsync("other", _docker.Image);

        // Its Docker does not even claim to know GPUs: nothing is begun there.
        await _jobs.UntilAsync(async () => (await _server.Api.JobAsync(waits)).ToString().Contains("without containers (Docker lacks the NVIDIA runtime", StringComparison.Ordinal), "the job to say why it waits");
        Assert.Empty((await _server.Api.JobAsync(waits))["attempts"]!.AsArray());
        var doctor = "";
        await _jobs.UntilAsync(
            async () => (doctor = string.Join(' ', (await _server.Orc("doctor")).Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))).Contains("nvidia-ctk runtime configure", StringComparison.Ordinal),
            "doctor to say what to install");

        // That one claims it, and fails.
        await _jobs.UntilAsync(
            async () => (await _server.Api.JobAsync(tries)).ToString().Contains("Docker on graphics cannot give GPUs to containers", StringComparison.Ordinal), "the job to say why the machine was left");
        Assert.Contains("install the NVIDIA container toolkit there", (await _server.Api.JobAsync(tries)).ToString(), StringComparison.Ordinal);
        Assert.Equal(0, (await _server.Orc("cancel", "tries")).ExitCode);
        Assert.Equal(0, (await _server.Orc("cancel", "waits")).ExitCode);

        Assert.Single((await _jobs.ReleaseAsync(_docker, other, await _jobs.ContainerAsync(_docker, other, not: "")))["attempts"]!.AsArray());
        await _jobs.UntilAsync(async () => (await _small.ContainersAsync()).Length + (await _docker.ContainersAsync()).Length == 0, "the end of all containers");
    }
}
