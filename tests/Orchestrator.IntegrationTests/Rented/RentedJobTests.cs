using System.Globalization;
using Orchestrator.Drills.Kit;
using Orchestrator.Emulators;
using Orchestrator.Emulators.Vast;
using Orchestrator.IntegrationTests.Artifacts.S3;
using Orchestrator.IntegrationTests.Chaos;
using Orchestrator.IntegrationTests.Hosts.Docker;
using Orchestrator.IntegrationTests.Support;
using Xunit;

namespace Orchestrator.IntegrationTests.Rented;

/// <summary>
/// A whole job on rented machines: real server, real PostgreSQL, real S3; behind the emulator of Vast.ai real containers with a real sshd,
/// out of a registry that wants a login.
/// </summary>
[Collection(CephCollection.Name)]
public sealed class RentedJobTests(CephServer server, TestDocker docker) : S3JobTest(server), IClassFixture<TestDocker>
{
    private const string Key = "rented-key-4711";

    private readonly DockerBackend _backend = new("vast", ["--host", docker.Host], hasNetworks: false);
    private VastEmulator? _vast;
    private EmulatorServer? _api;

    private VastEmulator Vast => _vast!;

    protected override async Task PrepareAsync()
    {
        if (new DockerFactAttribute().Skip is not null)
        {
            return;
        }

        await RentedImage.PushAsync(docker, Path.Combine(Site.Work, "image"));
        _vast = new VastEmulator(TimeProvider.System, _backend)
        {
            Key = Key,
            Switches = new VastSwitches { Provisioning = TimeSpan.FromSeconds(1), Creating = TimeSpan.FromSeconds(1), Loading = TimeSpan.FromSeconds(1), Opening = TimeSpan.FromSeconds(1) },
        };
        _vast.Offer(new VastMachine { Id = 7 });
        _vast.Offer(new VastMachine { Id = 8, Price = 0.5, LeastBid = 0.3 });
        _api = await EmulatorServer.StartAsync(_vast);
        var password = Path.Combine(Site.Work, "registry-password");
        await File.WriteAllTextAsync(password, TestRegistry.Password);
        File.SetUnixFileMode(password, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await File.AppendAllTextAsync(
            Path.Combine(Site.Data, "orchestrator.yaml"),
            $$"""
            accounts:
              vast: {endpoint: {{_api.Address.AbsoluteUri.TrimEnd('/')}}}
            registries:
              tests: {host: {{docker.Registry}}, user: {{TestRegistry.User}}, password: {file: {{password}} }, hosts: yes}

            """);
        Own.Environment["VAST_API_KEY"] = Key;
        Own.Environment["ORCHESTRATOR_TUNING"] =
            "lease=60,lease-margin=1,effect-timeout=25,create-timeout=40,settling=4,listing-age=1,observe=0.5,sweep=3,channel-lease=6,channel-silence=20,silence=10,loss-max-wait=60,backoff=0.5,"
            + "effect-retry=4,destroy-retry=3,offer-retry=2,boot=300,connect=300,host-lease=60";
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        if (_api is not null)
        {
            await _api.DisposeAsync();
        }

        await _backend.DisposeAsync();
    }

    [CephFact(OnMachines = true)]
    public async Task A_job_that_is_outbid_goes_on_elsewhere_and_leaves_nothing_behind()
    {
        var job = await SubmitAsync();
        await UntilAsync(async () => (await Read.ManifestsAsync("rented", job)).Count > 0, "a checkpoint in the bucket", job);
        var first = Assert.Single(Vast.Rented);

        Vast.Outbid(first);
        await UntilAsync(async () => Vast.Rented.FirstOrDefault(id => id != first) is > 0 and var second && await ReleaseAsync(second), "the next instance", job);
        var ended = await Own.UntilAsync(job, "succeeded", "failed", "cancelled", "paused");

        Assert.True(ended["state"]!.GetValue<string>() == "succeeded", ended + "\n" + Own.Server.Tail());
        Assert.Equal(2, ended["attempts"]!.AsArray().Count);
        Assert.Equal(1, ended["interruptions"]!.GetValue<int>());
        var log = (await Own.Orc("logs", job.ToString(CultureInfo.InvariantCulture), "--attempt", "2")).Output;
        Assert.Matches("begins at step [24]0", log);
        // What the image sets reaches the trainer; the key that ends the instance does not.
        Assert.Contains("image yes, key none", log, StringComparison.Ordinal);
        Assert.Equal("60 2", (await Read.TextAsync("final/result")).Trim());
        await Read.CheckManifestsAsync("rented", job);

        await UntilAsync(async () => Vast.Rented.Count == 0 && (await _backend.LeftAsync()).Length == 0, "the end of all that was rented", job);
        Assert.Empty(await docker.ContainersAsync(DockerBackend.Label));
        await UntilAsync(async () => (await Own.Api.JobAsync(job))["instancesLeft"]!.GetValue<int>() == 0, "books without an instance", job);
        var cost = (await Own.Api.JobAsync(job))["cost"]!.GetValue<decimal>();
        Assert.True(cost > 0 && Math.Abs(cost - (decimal)Vast.Bill) <= Math.Max(0.02m * 2, (decimal)Vast.Bill * 0.01m), $"ours ${cost}, theirs ${Vast.Bill}");
    }

    [CephFact(OnMachines = true)]
    public async Task A_host_whose_server_is_gone_for_good_saves_and_ends_itself()
    {
        var job = await SubmitAsync();
        await UntilAsync(async () => (await Read.ManifestsAsync("rented", job)).Count > 1, "both checkpoints in the bucket", job);
        Assert.Single(Vast.Rented);

        await Own.Server.KillAsync();

        await Wait.UntilAsync(async () => Vast.Rented.Count == 0 && (await _backend.LeftAsync()).Length == 0, "the end of the host", Long, TimeSpan.FromMilliseconds(500));
        await Read.CheckManifestsAsync("rented", job);
    }

    private async Task<long> SubmitAsync()
    {
        var spec = Path.Combine(Site.Work, "rented.yaml");
        await File.WriteAllTextAsync(spec, $$"""
            name: rented
            image: {{RentedImage.NameIn(docker)}}
            shell: sh
            run: |
              echo "image ${FROM_IMAGE:-none}, key ${CONTAINER_API_KEY:-none}"
              step=0
              if [ -n "$ORCHESTRATOR_RESUME_FROM" ]; then step=$(cat "$ORCHESTRATOR_RESUME_FROM/step"); fi
              echo "begins at step $step"
              while [ $step -lt 60 ]; do
                if [ $step -eq 40 ] && [ ! -e /tmp/release ]; then sleep 0.2; continue; fi
                step=$((step + 1))
                if [ $((step % 20)) -eq 0 ]; then
                  mkdir -p $ORCHESTRATOR_CHECKPOINT_DIR/.new && echo $step >$ORCHESTRATOR_CHECKPOINT_DIR/.new/step && mv $ORCHESTRATOR_CHECKPOINT_DIR/.new $ORCHESTRATOR_CHECKPOINT_DIR/step-$step
                fi
              done
              mkdir -p /out && echo $step $ORCHESTRATOR_ATTEMPT >/out/result
            resources: {gpu: RTX 4090, cpu: 1, memory: 64MB}
            providers: [vast]
            reliability: {capacity: interruptible}
            budget: {max-total: $5}
            checkpoints: {path: /ckpt, format: files, complete: {rename: true} }
            outputs: [{from: /out, to: "s3://{{Bucket}}/final/", when: success}]
            progress: none
            """);
        await Wait.UntilAsync(
            async () => (await Own.Orc("offers", "--json")).Output is var seen && seen.Contains("vast/7", StringComparison.Ordinal) && seen.Contains("vast/8", StringComparison.Ordinal),
            "both machines on offer",
            Long,
            TimeSpan.FromMilliseconds(500));
        return await Own.Api.SubmitAsync(spec);
    }

    private async Task<bool> ReleaseAsync(int instance)
    {
        try
        {
            await docker.RunAsync("exec", string.Create(CultureInfo.InvariantCulture, $"emulated-vast-{instance}"), "touch", "/tmp/release");
            return true;
        }
        catch (InvalidOperationException)
        {
            // It is not there yet.
            return false;
        }
    }

    private async Task UntilAsync(Func<Task<bool>> condition, string what, long job)
    {
        try
        {
            await Wait.UntilAsync(condition, what, Long, TimeSpan.FromMilliseconds(300));
        }
        catch (TimeoutException)
        {
            var trouble = string.Join('\n', Vast.Rented.Select(id => _backend.Trouble(id.ToString(CultureInfo.InvariantCulture))));
            Assert.Fail($"never happened: {what}\n{trouble}\n{await Own.Api.JobAsync(job)}\n{Own.Server.Tail()}");
        }
    }
}
