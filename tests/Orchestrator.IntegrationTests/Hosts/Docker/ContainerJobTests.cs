using System.Globalization;
using System.Net.Http.Json;
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
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(5);
    private readonly TestDocker _docker;
    private readonly TestServer _server = new();
    private readonly TestMachine _box;
    private readonly TestMachine _plain;
    private readonly string _password = Path.GetTempFileName();

    public ContainerJobTests(TestDocker docker)
    {
        _docker = docker;
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
        await SetSecretAsync("scanned", Secret);
        var job = await SubmitAsync("killed", _docker.Image, "providers: [ssh/box]\nsecrets: {TOKEN: scanned}");
        var first = await ContainerAsync(job, not: "");
        await LoggedAsync(job, "step 20");
        await LoggedAsync(job, "the token has 15 letters");
        await UntilAsync(() => Task.FromResult(StoreLook.Manifests(_server.Site, "killed", job).Count > 0), "a stored checkpoint");
        var inspected = JsonNode.Parse(await _docker.RunAsync("inspect", first))![0]!;
        Assert.Equal("killed", inspected["Config"]!["Labels"]!["orchestrator.job-name"]!.GetValue<string>());
        var entered = await _server.Orc("exec", job.ToString(CultureInfo.InvariantCulture), "--", "sh", "-c", "cat /workspace/told; exit 7");
        Assert.Equal((7, "sh of the image"), (entered.ExitCode, entered.Output.Trim()));

        // What is really there is found.
        Assert.NotEmpty(await HostScan.FindAsync(_docker, _box.Root, "the token has 15 letters"));
        Assert.Empty(await HostScan.FindAsync(_docker, _box.Root, Secret, TestRegistry.Password, Convert.ToBase64String(Encoding.UTF8.GetBytes($"{TestRegistry.User}:{TestRegistry.Password}"))));

        await _docker.RunAsync("kill", first);

        var second = await ContainerAsync(job, not: first);
        await LoggedAsync(job, "resumed from step-");
        await _docker.RunAsync("exec", second, "touch", "/tmp/release");
        var ended = await EndAsync(job);
        Assert.True(ended["state"]!.GetValue<string>() == "succeeded", ended.ToString());
        Assert.Equal(2, ended["attempts"]!.AsArray().Count);
        await UntilAsync(async () => (await _docker.ContainersAsync()).Length == 0, "the end of all containers");
        Assert.Empty(Directory.GetDirectories(_box.Instances));
    }

    [DockerFact]
    public async Task A_daemon_that_stands_still_blinds_nobody_and_costs_no_attempt()
    {
        var job = await SubmitAsync("frozen", _docker.Image);
        var container = await ContainerAsync(job, not: "");
        await LoggedAsync(job, "step 40");

        _docker.Freeze();
        try
        {
            // Held at step 40 it says so for ever: what comes now came while the daemon stood still.
            var seen = await WaitingLinesAsync(job);
            await UntilAsync(async () => await WaitingLinesAsync(job) > seen + 20, "the log to go on");
        }
        finally
        {
            _docker.GoOn();
        }

        await _docker.RunAsync("exec", container, "touch", "/tmp/release");
        var ended = await EndAsync(job);
        Assert.True(ended["state"]!.GetValue<string>() == "succeeded", ended.ToString());
        Assert.Single(ended["attempts"]!.AsArray());
    }

    [DockerFact]
    public async Task An_image_that_cannot_be_had_or_run_pauses_its_job_with_what_to_do()
    {
        using var registry = new EmptiedRegistry();
        var missing = await SubmitAsync("missing", registry.Host + "/acme/trainer:1");
        var hollow = await SubmitAsync("hollow", _docker.Empty);

        Assert.Contains($"there is no image {registry.Host}/acme/trainer@sha256:", await PausedAsync(missing), StringComparison.Ordinal);
        var why = await PausedAsync(hollow);
        Assert.Contains("has no /bin/sh", why, StringComparison.Ordinal);
        Assert.Contains("orchestrator resume hollow", why, StringComparison.Ordinal);
        await UntilAsync(async () => (await _docker.ContainersAsync()).Length == 0, "the end of all containers");
    }

    [DockerFact]
    public async Task A_machine_without_docker_gets_no_container_and_a_container_on_nobodys_books_is_removed()
    {
        var job = await SubmitAsync("nowhere", _docker.Image, "providers: [ssh/plain]");
        await UntilAsync(async () => (await _server.Api.JobAsync(job)).ToString().Contains("without containers (Docker cannot be used", StringComparison.Ordinal), "the job to say why it waits");
        await UntilAsync(() => Task.FromResult(File.Exists(Path.Combine(_box.Root, "id"))), "the machine's id");
        var folder = (await File.ReadAllTextAsync(Path.Combine(_box.Root, "id"))).Trim();
        await _docker.RunAsync("create", "--network", "host", "--label", "orchestrator.folder=" + folder, "--label", "orchestrator.instance=i-0123456789ab", TestDocker.Idle, "none");
        await _docker.RunAsync("create", "--network", "host", "--label", "orchestrator.folder=another", "--label", "orchestrator.instance=i-ba9876543210", TestDocker.Idle, "none");

        // It looks at every machine anew.
        await UntilAsync(
            async () =>
            {
                await _server.Orc("doctor");
                return (await _docker.ContainersAsync("orchestrator.folder=" + folder)).Length == 0;
            },
            "the leftover to be removed");

        Assert.Single(await _docker.ContainersAsync("orchestrator.folder=another"));
    }

    private async Task SetSecretAsync(string name, string value)
    {
        using var http = new HttpClient { BaseAddress = _server.Api.Url };
        using var request = _server.Api.Request(HttpMethod.Put, "api/v1/secrets/" + name);
        request.Content = JsonContent.Create(new JsonObject { ["value"] = value });
        using var reply = await http.SendAsync(request);
        Assert.True(reply.IsSuccessStatusCode, reply.ToString());
    }

    /// <summary>A trainer of sh: it holds at step 40 until somebody makes /tmp/release in its container.</summary>
    private async Task<long> SubmitAsync(string name, string image, string more = "providers: [ssh/box]")
    {
        var spec = Path.Combine(_server.Site.Work, name + ".yaml");
        await File.WriteAllTextAsync(spec, $$"""
            name: {{name}}
            image: {{image}}
            shell: sh
            setup: mkdir -p /workspace; echo "sh of the image" >/workspace/told
            run: |
              [ -z "${TOKEN+x}" ] || echo "the token has ${#TOKEN} letters"
              step=0
              if [ -n "$ORCHESTRATOR_RESUME_FROM" ]; then step=$(cat "$ORCHESTRATOR_RESUME_FROM/step"); echo "resumed from ${ORCHESTRATOR_RESUME_FROM##*/}"; fi
              while [ $step -lt 60 ]; do
                if [ $step -eq 40 ] && [ ! -e /tmp/release ]; then echo waiting; sleep 0.2; continue; fi
                step=$((step + 1))
                echo "step $step"
                if [ $((step % 20)) -eq 0 ]; then
                  mkdir -p $ORCHESTRATOR_CHECKPOINT_DIR/.new && echo $step >$ORCHESTRATOR_CHECKPOINT_DIR/.new/step && mv $ORCHESTRATOR_CHECKPOINT_DIR/.new $ORCHESTRATOR_CHECKPOINT_DIR/step-$step
                fi
                sleep 0.1
              done
              mkdir -p /out && echo $step >/out/result
            resources: {gpu: none, cpu: 1, memory: 64MB, shm: 32MB}
            checkpoints: {path: /ckpt, format: files, complete: {rename: true} }
            outputs: [{from: /out, when: success}]
            progress: none
            {{more}}
            """);
        return await _server.Api.SubmitAsync(spec);
    }

    private async Task<string> ContainerAsync(long job, string not)
    {
        var found = "";
        await UntilAsync(
            async () => (found = (await _docker.RunAsync("ps", "--quiet", "--no-trunc", "--filter", FormattableString.Invariant($"label=orchestrator.job={job}"))).Split('\n')[0]).Length > 0 && found != not,
            "a container of job " + job.ToString(CultureInfo.InvariantCulture));
        return found;
    }

    private Task LoggedAsync(long job, string words) => UntilAsync(async () => (await LogAsync(job)).Contains(words, StringComparison.Ordinal), $"\"{words}\" in the log");

    private async Task<int> WaitingLinesAsync(long job) => (await LogAsync(job)).Split('\n').Count(line => line.Contains("waiting", StringComparison.Ordinal));

    private async Task<string> LogAsync(long job) => (await _server.Orc("logs", job.ToString(CultureInfo.InvariantCulture))).Output;

    private async Task<string> PausedAsync(long job)
    {
        var ended = await EndAsync(job);
        Assert.True(ended["state"]!.GetValue<string>() == "paused", ended.ToString());
        return ended.ToString();
    }

    private async Task<JsonNode> EndAsync(long job)
    {
        JsonNode? seen = null;
        await UntilAsync(
            async () => (seen = await _server.Api.JobAsync(job))["state"]!.GetValue<string>() is "succeeded" or "failed" or "cancelled" or "paused",
            $"the end of the job: {seen}");
        return seen!;
    }

    private async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        try
        {
            await Wait.UntilAsync(condition, "", _patience, TimeSpan.FromMilliseconds(300));
        }
        catch (TimeoutException)
        {
            var jobs = await _server.Orc("jobs", "--json");
            Assert.Fail($"never happened: {what}\n{jobs.Output}\n{_server.Server.Tail()}");
        }
    }
}
