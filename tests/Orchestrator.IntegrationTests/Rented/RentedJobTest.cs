using System.Globalization;
using Orchestrator.Drills.Kit;
using Orchestrator.Emulators;
using Orchestrator.IntegrationTests.Artifacts.S3;
using Orchestrator.IntegrationTests.Chaos;
using Orchestrator.IntegrationTests.Hosts.Docker;
using Orchestrator.IntegrationTests.Support;
using Xunit;

namespace Orchestrator.IntegrationTests.Rented;

/// <summary>
/// A whole job on rented machines: real server, real PostgreSQL, real S3; behind the emulator of a provider real containers with a real
/// sshd, out of a registry that wants a login. A subclass brings the provider, its market and a way to lose what was rented.
/// </summary>
public abstract class RentedJobTest(CephServer server, TestDocker docker) : S3JobTest(server), IClassFixture<TestDocker>
{
    private EmulatorServer? _api;

    /// <summary>As specs name it.</summary>
    protected abstract string Provider { get; }

    /// <summary>The account's key, and the variable it is read from.</summary>
    protected abstract (string Variable, string Value) Key { get; }

    /// <summary>What of the spec's reliability chooses among its offers.</summary>
    protected virtual string Choice => "";

    /// <summary>What <c>offers --json</c> shows of its market before a job is submitted.</summary>
    protected abstract IReadOnlyList<string> OnOffer { get; }

    /// <summary>Ids of what is rented and not ended.</summary>
    protected abstract IReadOnlyList<string> Rented { get; }

    /// <summary>What the provider wants for all of it.</summary>
    protected abstract double Bill { get; }

    /// <summary>The card that the spec asks for, before its other resources.</summary>
    protected virtual string Card => "gpu: RTX 4090, ";

    /// <summary>What else the registry's entry says.</summary>
    protected virtual string RegistryTerms => ", hosts: yes";

    /// <summary>Makes the emulator and fills its market.</summary>
    protected abstract Task<IEmulatedApi> OpenAsync();

    /// <summary>Ends what stands behind it.</summary>
    protected abstract Task CloseAsync();

    /// <summary>Takes an instance away.</summary>
    protected abstract void Lose(string instance);

    /// <summary>Name of the container that the job runs in.</summary>
    protected abstract string ContainerOf(string instance);

    /// <summary>What still stands behind the emulator.</summary>
    protected abstract Task<string[]> LeftAsync();

    protected abstract string? TroubleOf(string instance);

    /// <summary>Asserts what must hold of a host on which our agent runs.</summary>
    protected virtual Task CheckHostAsync(string instance) => Task.CompletedTask;

    protected override async Task PrepareAsync()
    {
        if (new DockerFactAttribute().Skip is not null)
        {
            return;
        }

        await RentedImage.PushAsync(docker, Path.Combine(Site.Work, "image"));
        _api = await EmulatorServer.StartAsync(await OpenAsync());
        var password = Path.Combine(Site.Work, "registry-password");
        await File.WriteAllTextAsync(password, TestRegistry.Password);
        File.SetUnixFileMode(password, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await File.AppendAllTextAsync(
            Path.Combine(Site.Data, "orchestrator.yaml"),
            $$"""
            accounts:
              {{Provider}}: {endpoint: {{_api.Address.AbsoluteUri.TrimEnd('/')}}}
            registries:
              tests: {host: {{docker.Registry}}, user: {{TestRegistry.User}}, password: {file: {{password}} }{{RegistryTerms}}}

            """);
        Own.Environment[Key.Variable] = Key.Value;
        Own.Environment["ORCHESTRATOR_TUNING"] =
            "lease=60,lease-margin=1,effect-timeout=25,create-timeout=40,settling=4,listing-age=1,observe=0.5,sweep=3,channel-lease=6,channel-silence=20,silence=10,loss-max-wait=60,backoff=0.5,"
            + "effect-retry=4,destroy-retry=3,offer-retry=2,rate-holds=3,boot=300,connect=300";
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        if (_api is not null)
        {
            await _api.DisposeAsync();
        }

        await CloseAsync();
    }

    protected async Task GoesOnElsewhereAndLeavesNothingAsync()
    {
        var job = await SubmitAsync();
        await UntilAsync(async () => (await Read.ManifestsAsync("rented", job)).Count > 0, "a checkpoint in the bucket", job);
        var first = Assert.Single(Rented);
        await CheckHostAsync(first);

        Lose(first);
        await UntilAsync(async () => Rented.FirstOrDefault(id => id != first) is { } second && await ReleaseAsync(second), "the next instance", job);
        var ended = await Own.UntilAsync(job, "succeeded", "failed", "cancelled", "paused");

        Assert.True(ended["state"]!.GetValue<string>() == "succeeded", ended + "\n" + Own.Server.Tail());
        Assert.Equal(2, ended["attempts"]!.AsArray().Count);
        Assert.Equal(1, ended["interruptions"]!.GetValue<int>());
        var log = (await Own.Orc("logs", job.ToString(CultureInfo.InvariantCulture), "--attempt", "2")).Output;
        Assert.Matches("begins at step [24]0", log);
        // What the image sets reaches the trainer; the key that ends the instance does not.
        Assert.Contains("image yes, keys none none none", log, StringComparison.Ordinal);
        Assert.Equal("60 2", (await Read.TextAsync("final/result")).Trim());
        await Read.CheckManifestsAsync("rented", job);

        await LeavesNothingAsync(job);
        var cost = (await Own.Api.JobAsync(job))["cost"]!.GetValue<decimal>();
        Assert.True(cost > 0 && Math.Abs(cost - (decimal)Bill) <= Math.Max(0.02m * 2, (decimal)Bill * 0.01m), $"ours ${cost}, theirs ${Bill}");
    }

    /// <summary>The first host is given up before it has trained, for that reason and in these words; it is remembered, and the next offer does the job.</summary>
    protected async Task IsGivenUpThereAndDoneElsewhereAsync(string reason, params string[] words)
    {
        var job = await SubmitAsync();
        var first = await UntilGivenUpAsync(job, reason, words);
        Assert.Null(first["trainingFrom"]);

        await IsDoneElsewhereAsync(job, first);

        var host = Assert.Single((await Own.Api.GetAsync("hosts")).AsArray(), one => one!["host"]!.GetValue<string>() == first["host"]!.GetValue<string>());
        Assert.Equal((1, 1), (host!["launches"]!.GetValue<int>(), host["neverReady"]!.GetValue<int>()));
    }

    protected async Task<System.Text.Json.Nodes.JsonNode> UntilGivenUpAsync(long job, string reason, params string[] words)
    {
        System.Text.Json.Nodes.JsonNode? first = null;
        await UntilAsync(async () => (first = (await Own.Api.JobAsync(job))["attempts"]!.AsArray().FirstOrDefault())?["endReason"] is not null, "the end of the first attempt", job);
        Assert.Equal(reason, first!["endReason"]!.GetValue<string>());
        Assert.All(words, word => Assert.Contains(word, first["why"]!.GetValue<string>(), StringComparison.Ordinal));
        return first;
    }

    protected async Task IsDoneElsewhereAsync(long job, System.Text.Json.Nodes.JsonNode first)
    {
        var given = first["instanceId"]!.GetValue<string>();
        await UntilAsync(async () => Rented.FirstOrDefault(id => id != given) is { } second && await ReleaseAsync(second), "the next instance", job);
        var ended = await Own.UntilAsync(job, "succeeded", "failed", "cancelled", "paused");
        Assert.True(ended["state"]!.GetValue<string>() == "succeeded", ended + "\n" + Own.Server.Tail());
        Assert.Equal(2, ended["attempts"]!.AsArray().Count);
        await LeavesNothingAsync(job);
    }

    private async Task LeavesNothingAsync(long job)
    {
        await UntilAsync(async () => Rented.Count == 0 && (await LeftAsync()).Length == 0, "the end of all that was rented", job);
        Assert.Empty(await docker.ContainersAsync(DockerBackend.Label));
        Assert.Empty(await docker.ContainersAsync());
        await UntilAsync(async () => (await Own.Api.JobAsync(job))["instancesLeft"]!.GetValue<int>() == 0, "books without an instance", job);
    }

    protected async Task IsRehearsedOnTwoHostsAndLeavesNothingAsync()
    {
        var spec = Path.Combine(Site.Work, "rehearsed.yaml");
        await File.WriteAllTextAsync(spec, $$"""
            name: rehearsed
            image: {{RentedImage.NameIn(docker)}}
            shell: sh
            run: |
              step=0
              if [ -n "$ORCHESTRATOR_RESUME_FROM" ]; then step=$(cat "$ORCHESTRATOR_RESUME_FROM/step"); fi
              while [ $step -lt 6000 ]; do
                sleep 0.2
                step=$((step + 1))
                echo "{\"step\": $step, \"total\": 6000, \"loss\": 0.$((900 - step / 10))}" >>$ORCHESTRATOR_PROGRESS_FILE
                if [ $((step % 20)) -eq 0 ]; then
                  mkdir -p $ORCHESTRATOR_CHECKPOINT_DIR/.new && echo $step >$ORCHESTRATOR_CHECKPOINT_DIR/.new/step && mv $ORCHESTRATOR_CHECKPOINT_DIR/.new $ORCHESTRATOR_CHECKPOINT_DIR/step-$step
                fi
              done
            resources: {{{Card}}cpu: 1, memory: 64MB}
            providers: [{{Provider}}]
            reliability: { {{Choice}}host-lease: 6h }
            budget: {max-total: $5}
            checkpoints: {path: /ckpt, format: files, complete: {rename: true} }
            progress: jsonl
            """);
        await Wait.UntilAsync(
            async () => (await Own.Orc("offers", "--json")).Output is var seen && OnOffer.All(one => seen.Contains(one, StringComparison.Ordinal)),
            "its market on offer",
            Long,
            TimeSpan.FromMilliseconds(500));

        var said = await Own.Orc("rehearse", spec, "--max", "0.50", "--json");

        Assert.True(said.ExitCode == 0, said + "\n" + Own.Server.Tail());
        var rehearsal = System.Text.Json.Nodes.JsonNode.Parse(said.Output)!;
        Assert.Equal("weekend-ready", rehearsal["outcome"]!.GetValue<string>());
        Assert.NotEqual(rehearsal["killed"]!["where"]!.GetValue<string>(), rehearsal["resumed"]!["where"]!.GetValue<string>());
        Assert.False(rehearsal["samePlace"]!.GetValue<bool>());
        Assert.True(rehearsal["estimateStored"]!.GetValue<bool>());
        // Nothing is waited for: what it rented was gone before it said so.
        Assert.Empty(Rented);
        Assert.Empty(await docker.ContainersAsync(DockerBackend.Label));
        var cost = rehearsal["cost"]!.GetValue<decimal>();
        Assert.True(cost is > 0 and < 0.50m && Math.Abs(cost - (decimal)Bill) <= 0.02m * 2, $"ours ${cost}, theirs ${Bill}");
        Assert.Contains("rehearsal r-", (await Own.Orc("plan", spec)).Output, StringComparison.Ordinal);
    }

    protected async Task SavesAndEndsItselfWithoutAServerAsync()
    {
        var job = await SubmitAsync(lease: "1m");
        await UntilAsync(async () => (await Read.ManifestsAsync("rented", job)).Count > 0, "a checkpoint in the bucket", job);
        Assert.Single(Rented);

        await Own.Server.KillAsync();

        await Wait.UntilAsync(async () => Rented.Count == 0 && (await LeftAsync()).Length == 0, "the end of the host", Long, TimeSpan.FromMilliseconds(500));
        await Read.CheckManifestsAsync("rented", job);
    }

    protected async Task<long> SubmitAsync(string lease = "6h", string budget = "max-total: $5")
    {
        var spec = Path.Combine(Site.Work, "rented.yaml");
        await File.WriteAllTextAsync(spec, $$"""
            name: rented
            image: {{RentedImage.NameIn(docker)}}
            shell: sh
            run: |
              echo "image ${FROM_IMAGE:-none}, keys ${CONTAINER_API_KEY:-none} ${RUNPOD_API_KEY:-none} ${ORCHESTRATOR_INSTANCE_KEY:-none}"
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
            resources: {{{Card}}cpu: 1, memory: 64MB}
            providers: [{{Provider}}]
            reliability: { {{Choice}}host-lease: {{lease}} }
            budget: { {{budget}} }
            checkpoints: {path: /ckpt, format: files, complete: {rename: true} }
            outputs: [{from: /out, to: "s3://{{Bucket}}/final/", when: success}]
            progress: none
            """);
        await Wait.UntilAsync(
            async () => (await Own.Orc("offers", "--json")).Output is var seen && OnOffer.All(one => seen.Contains(one, StringComparison.Ordinal)),
            "its market on offer",
            Long,
            TimeSpan.FromMilliseconds(500));
        return await Own.Api.SubmitAsync(spec);
    }

    private async Task<bool> ReleaseAsync(string instance)
    {
        try
        {
            await ExecuteAsync(instance, "touch", "/tmp/release");
            return true;
        }
        catch (InvalidOperationException)
        {
            // It is not there yet.
            return false;
        }
    }

    /// <returns>What a command in an instance's container says.</returns>
    protected Task<string> ExecuteAsync(string instance, params string[] command) => docker.RunAsync(["exec", ContainerOf(instance), .. command]);

    protected async Task UntilAsync(Func<Task<bool>> condition, string what, long job)
    {
        try
        {
            await Wait.UntilAsync(condition, what, Long, TimeSpan.FromMilliseconds(300));
        }
        catch (TimeoutException)
        {
            var trouble = string.Join('\n', Rented.Select(TroubleOf));
            Assert.Fail($"never happened: {what}\n{trouble}\n{await Own.Api.JobAsync(job)}\n{Own.Server.Tail()}");
        }
    }
}
