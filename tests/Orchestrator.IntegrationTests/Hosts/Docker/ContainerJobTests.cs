using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Orchestrator.Drills.Kit;
using Orchestrator.IntegrationTests.Chaos;
using Orchestrator.IntegrationTests.Support;
using Orchestrator.IntegrationTests.Support.Ssh;
using Xunit;

namespace Orchestrator.IntegrationTests.Hosts.Docker;

/// <summary>Whole jobs in containers, on machines that are reached over SSH; their Docker daemon is the tests' own.</summary>
public sealed class ContainerJobTests : IClassFixture<TestDocker>, IAsyncLifetime
{
    private const string Secret = "hush-4711-value";
    /// <summary><see cref="LongDrills"/> run the two minutes of the promise; the suite's are longer than every silence and lease there is here.</summary>
    private static readonly TimeSpan _standsStill = TimeSpan.FromSeconds(LongDrills.Wanted ? 125 : 20);

    private readonly TestDocker _docker;
    private readonly TestServer _server = new();
    private readonly ContainerJobs _jobs;
    private readonly TestMachine _box;
    private readonly TestMachine _plain;
    private readonly string _password = Path.GetTempFileName();

    public ContainerJobTests(TestDocker docker)
    {
        _docker = docker;
        _jobs = new(_server);
        _box = new TestMachine("box", docker.Host);
        _plain = new TestMachine("plain", "unix:///nowhere/docker.sock");
    }

    public async Task InitializeAsync()
    {
        if (new DockerFactAttribute().Skip is not null)
        {
            return;
        }

        await _box.InitializeAsync();
        await _plain.InitializeAsync();
        _server.Environment["ORCHESTRATOR_TUNING"] =
            "lease=90,lease-margin=1,effect-timeout=45,settling=4,listing-age=1,observe=0.5,sweep=3,channel-lease=6,channel-silence=20,silence=4,loss-max-wait=120,backoff=0.5,"
            + "effect-retry=4,destroy-retry=3,offer-retry=2,boot=300,connect=300";
        var site = new Site("docker");
        await File.WriteAllTextAsync(Path.Combine(site.Data, "orchestrator.yaml"), string.Create(CultureInfo.InvariantCulture, $$"""
            machines:
              box: {address: {{_box.Ip}}, port: {{_box.Port}}, user: {{Environment.UserName}}, key: {{_box.KeyFile}}, root: {{_box.Root}}, slots: 2}
              plain: {address: {{_plain.Ip}}, port: {{_plain.Port}}, user: {{Environment.UserName}}, key: {{_plain.KeyFile}}, root: {{_plain.Root}}, slots: 2}
            registries:
              tests: {host: {{_docker.Registry}}, user: {{TestRegistry.User}}, password: {file: {{_password}} } }
            """));
        await File.WriteAllTextAsync(_password, TestRegistry.Password);
        File.SetUnixFileMode(_password, UnixFileMode.UserRead | UnixFileMode.UserWrite);
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

        await _box.DisposeAsync();
        await _plain.DisposeAsync();
        File.Delete(_password);
    }

    [DockerFact]
    public async Task A_job_trains_in_its_image_and_resumes_in_a_new_container_when_the_first_is_killed()
    {
        await _jobs.SetSecretAsync("scanned", Secret);
        var job = await _jobs.SubmitAsync("killed", _docker.Image, "providers: [ssh/box]\nsecrets: {TOKEN: scanned}");
        var first = await _jobs.ContainerAsync(_docker, job, not: "");
        await _jobs.LoggedAsync(job, "step 20");
        await _jobs.LoggedAsync(job, "the token has 15 letters");
        await _jobs.UntilAsync(() => Task.FromResult(StoreLook.Manifests(_server.Site, "killed", job).Count > 0), "a stored checkpoint");
        var inspected = JsonNode.Parse(await _docker.RunAsync("inspect", first))![0]!;
        Assert.Equal("killed", inspected["Config"]!["Labels"]!["orchestrator.job-name"]!.GetValue<string>());
        var entered = await _server.Orc("exec", job.ToString(CultureInfo.InvariantCulture), "--", "sh", "-c", "cat /workspace/told; exit 7");
        Assert.Equal((7, "sh of the image"), (entered.ExitCode, entered.Output.Trim()));

        // What is really there is found.
        Assert.NotEmpty(await HostScan.FindAsync(_docker, _box.Root, "the token has 15 letters"));
        Assert.Empty(await HostScan.FindAsync(_docker, _box.Root, Secret, TestRegistry.Password, Convert.ToBase64String(Encoding.UTF8.GetBytes($"{TestRegistry.User}:{TestRegistry.Password}"))));

        await _docker.RunAsync("kill", first);

        var second = await _jobs.ContainerAsync(_docker, job, not: first);
        await _jobs.LoggedAsync(job, "resumed from step-");
        await _docker.RunAsync("exec", second, "touch", "/tmp/release");
        var ended = await _jobs.EndAsync(job);
        Assert.True(ended["state"]!.GetValue<string>() == "succeeded", ended.ToString());
        Assert.Equal(2, ended["attempts"]!.AsArray().Count);
        await _jobs.UntilAsync(async () => (await _docker.ContainersAsync()).Length == 0, "the end of all containers");
        Assert.Empty(Directory.GetDirectories(_box.Instances));
    }

    [DockerFact]
    public async Task A_daemon_that_stands_still_blinds_nobody_and_costs_no_attempt_and_no_line()
    {
        var job = await _jobs.SubmitAsync("frozen", _docker.Image);
        var container = await _jobs.ContainerAsync(_docker, job, not: "");
        await _jobs.LoggedAsync(job, "step 40");

        var frozen = Stopwatch.StartNew();
        _docker.Freeze();
        try
        {
            // What needs no Docker begins and ends on that machine as ever.
            var beside = await _jobs.SubmitBareAsync("beside");
            // Held at step 40 it says so for ever: what comes now came while the daemon stood still.
            var seen = await _jobs.WaitingLinesAsync(job);
            await _jobs.UntilAsync(async () => frozen.Elapsed > _standsStill && await _jobs.WaitingLinesAsync(job) > seen + 20, "the log to go on");
            var ended = await _jobs.EndAsync(beside);
            Assert.True(ended["state"]!.GetValue<string>() == "succeeded", ended.ToString());
            // Nor has the log just run ahead of everything else: it still goes on.
            seen = await _jobs.WaitingLinesAsync(job);
            await _jobs.UntilAsync(async () => await _jobs.WaitingLinesAsync(job) > seen, "the log to go on");
            Assert.Equal("active", (await _server.Api.JobAsync(job))["state"]!.GetValue<string>());
        }
        finally
        {
            _docker.GoOn();
        }

        await _docker.RunAsync("exec", container, "touch", "/tmp/release");
        var done = await _jobs.EndAsync(job);
        Assert.True(done["state"]!.GetValue<string>() == "succeeded", done.ToString());
        Assert.Single(done["attempts"]!.AsArray());
        var said = (await _jobs.LogAsync(job)).Split('\n').Where(line => line.Contains("waiting", StringComparison.Ordinal)).Select(line => line.Trim().Split(' ')[^1]).ToList();
        Assert.Equal(Enumerable.Range(1, said.Count).Select(number => number.ToString(CultureInfo.InvariantCulture)), said);
    }

    [DockerFact]
    public async Task An_image_that_cannot_be_had_or_run_pauses_its_job_with_what_to_do()
    {
        using var registry = new EmptiedRegistry();
        var missing = await _jobs.SubmitAsync("missing", registry.Host + "/acme/trainer:1");
        var hollow = await _jobs.SubmitAsync("hollow", _docker.Empty);

        Assert.Contains($"there is no image {registry.Host}/acme/trainer@sha256:", await _jobs.PausedAsync(missing), StringComparison.Ordinal);
        var why = await _jobs.PausedAsync(hollow);
        Assert.Contains("has no /bin/sh", why, StringComparison.Ordinal);
        Assert.Contains("orchestrator resume hollow", why, StringComparison.Ordinal);
        await _jobs.UntilAsync(async () => (await _docker.ContainersAsync()).Length == 0, "the end of all containers");
    }

    [DockerFact]
    public async Task A_machine_without_docker_gets_no_container_and_a_container_on_nobodys_books_is_removed()
    {
        var job = await _jobs.SubmitAsync("nowhere", _docker.Image, "providers: [ssh/plain]");
        await _jobs.UntilAsync(async () => (await _server.Api.JobAsync(job)).ToString().Contains("without containers (Docker cannot be used", StringComparison.Ordinal), "the job to say why it waits");
        await _jobs.UntilAsync(() => Task.FromResult(File.Exists(Path.Combine(_box.Root, "id"))), "the machine's id");
        var folder = (await File.ReadAllTextAsync(Path.Combine(_box.Root, "id"))).Trim();
        await _docker.RunAsync("create", "--network", "host", "--label", "orchestrator.folder=" + folder, "--label", "orchestrator.instance=i-0123456789ab", TestDocker.Idle, "none");
        await _docker.RunAsync("create", "--network", "host", "--label", "orchestrator.folder=another", "--label", "orchestrator.instance=i-ba9876543210", TestDocker.Idle, "none");

        await _jobs.UntilLookedAtAsync(async () => (await _docker.ContainersAsync("orchestrator.folder=" + folder)).Length == 0, "the leftover to be removed");

        Assert.Single(await _docker.ContainersAsync("orchestrator.folder=another"));
    }
}
