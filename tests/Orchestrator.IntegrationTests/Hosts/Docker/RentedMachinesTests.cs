using System.Text.Json.Nodes;
using Orchestrator.Drills.Kit;
using Orchestrator.IntegrationTests.Chaos;
using Orchestrator.IntegrationTests.JobTemplates;
using Xunit;

namespace Orchestrator.IntegrationTests.Hosts.Docker;

/// <summary>A job in a container on two machines, one of which ends without its container or with it.</summary>
public sealed class RentedMachinesTests : IAsyncLifetime
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(5);
    private readonly TestServer _server = new();
    private readonly RentedMachine _cheap = new("cheap");
    private readonly RentedMachine _dear = new("dear");
    private string _image = "";

    public async Task InitializeAsync()
    {
        if (new DockerFactAttribute().Skip is not null)
        {
            return;
        }

        await _cheap.InitializeAsync();
        await _dear.InitializeAsync();
        _image = (await ScriptRun.SucceedsAsync("test-servers", TimeSpan.FromMinutes(5), "push", "machine"))[^1];
        _server.Environment["ORCHESTRATOR_TUNING"] =
            "lease=60,lease-margin=1,effect-timeout=25,settling=4,listing-age=1,observe=0.5,sweep=3,channel-lease=6,channel-silence=20,silence=10,loss-max-wait=60,backoff=0.5,"
            + "effect-retry=4,destroy-retry=3,offer-retry=2,boot=300,connect=300";
        var site = new Site("machines");
        await File.WriteAllTextAsync(Path.Combine(site.Data, "orchestrator.yaml"), $"""
            machines:
              {_cheap.Configuration("$0.10/h")}
              {_dear.Configuration("$0.30/h")}
            """);
        await _server.StartAsync(site);
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _cheap.DisposeAsync();
        await _dear.DisposeAsync();
    }

    [DockerFact]
    public async Task A_container_that_outlives_its_machine_is_a_zombie_that_changes_nothing()
    {
        var job = await SubmitAsync("zombie");
        var first = await TrainingAsync(_cheap);
        await StoredAsync("zombie", job);

        await _cheap.EndAloneAsync();
        var second = await TrainingAsync(_dear);
        // The first trains to its end, saves, and stores its result, for all that it knows.
        await ReleaseAsync(first);
        await UntilAsync(async () => (await RentedMachine.DockerAsync("exec", first, "sh", "-c", "ls /out 2>/dev/null || true")).Contains("result", StringComparison.Ordinal), "the zombie's result");
        await _cheap.StartAsync();
        await UntilAsync(async () => (await _cheap.ContainersAsync()).Length == 0, "the zombie's end after its machine returned");
        await ReleaseAsync(second);

        await SucceedsAsync(job);
    }

    [DockerFact]
    public async Task A_machine_that_reboots_costs_one_attempt_and_no_checkpoint()
    {
        var job = await SubmitAsync("reboot");
        await TrainingAsync(_cheap);
        await StoredAsync("reboot", job);

        await _cheap.CutPowerAsync();
        await _cheap.StartAsync();
        var second = "";
        await UntilAsync(async () => (second = (await _cheap.ContainersAsync()).Concat(await _dear.ContainersAsync()).FirstOrDefault("")).Length > 0, "the next attempt's container");
        await ReleaseAsync(second);

        await SucceedsAsync(job);
    }

    /// <summary>A trainer of sh: it holds at step 40 until somebody makes /tmp/release in its container.</summary>
    private async Task<long> SubmitAsync(string name)
    {
        var spec = Path.Combine(_server.Site.Work, name + ".yaml");
        await File.WriteAllTextAsync(spec, $$"""
            name: {{name}}
            image: {{_image}}
            shell: sh
            run: |
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
            resources: {gpu: none, cpu: 1, memory: 64MB}
            providers: [ssh]
            checkpoints: {path: /ckpt, format: files, complete: {rename: true} }
            outputs: [{from: /out, when: success}]
            progress: none
            """);
        // Which machine is cheaper decides where it begins: both must have answered by then.
        await UntilAsync(
            async () => (await _server.Orc("offers", "--json")).Output is var seen && seen.Contains("ssh/" + _cheap.Name, StringComparison.Ordinal) && seen.Contains("ssh/" + _dear.Name, StringComparison.Ordinal),
            "both machines on offer");
        return await _server.Api.SubmitAsync(spec);
    }

    /// <summary>It is done, by its second attempt, which went on from a checkpoint; and nothing is left on either machine.</summary>
    private async Task SucceedsAsync(long job)
    {
        JsonNode? seen = null;
        await UntilAsync(async () => (seen = await _server.Api.JobAsync(job))["state"]!.GetValue<string>() is "succeeded" or "failed" or "cancelled" or "paused", "the end of the job");
        Assert.True(seen!["state"]!.GetValue<string>() == "succeeded", seen + "\n" + _server.Server.Tail());
        Assert.Equal(2, seen["attempts"]!.AsArray().Count);
        var log = (await _server.Orc("logs", job.ToString(System.Globalization.CultureInfo.InvariantCulture), "--attempt", "2")).Output;
        Assert.Matches("begins at step [24]0", log);
        var folder = Directory.CreateDirectory(Path.Combine(_server.Site.Work, "fetched")).FullName;
        Assert.Equal(0, (await _server.Orc("fetch", job.ToString(System.Globalization.CultureInfo.InvariantCulture), "--to", folder)).ExitCode);
        Assert.Equal("60 2", (await File.ReadAllTextAsync(Assert.Single(Directory.GetFiles(folder, "result", SearchOption.AllDirectories)))).Trim());
        foreach (var machine in (RentedMachine[])[_cheap, _dear])
        {
            await UntilAsync(
                async () => (await machine.ContainersAsync()).Length == 0 && (!Directory.Exists(machine.Root + "/instances") || Directory.GetDirectories(machine.Root + "/instances").Length == 0),
                "nothing left on " + machine.Name);
        }
    }

    private async Task<string> TrainingAsync(RentedMachine machine)
    {
        var found = "";
        await UntilAsync(async () => (found = (await machine.ContainersAsync()).FirstOrDefault("")).Length > 0, "a container on " + machine.Name);
        return found;
    }

    private Task StoredAsync(string name, long job) => UntilAsync(() => Task.FromResult(StoreLook.Manifests(_server.Site, name, job).Count > 0), "a stored checkpoint");

    private static Task ReleaseAsync(string container) => RentedMachine.DockerAsync("exec", container, "touch", "/tmp/release");

    private async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        try
        {
            await Wait.UntilAsync(condition, "", _patience, TimeSpan.FromMilliseconds(300));
        }
        catch (TimeoutException)
        {
            Assert.Fail($"never happened: {what}\n{(await _server.Orc("jobs", "--json")).Output}\n{_server.Server.Tail()}");
        }
    }
}
