using System.Text;
using Orchestrator.Drills.Kit;
using Orchestrator.Protocol;
using Xunit;

namespace Orchestrator.IntegrationTests.Agent;

/// <summary>How long a trainer without checkpoints is waited for.</summary>
public sealed class DrainDrills : AgentDrill
{
    [Fact]
    public async Task A_trainer_with_nothing_to_save_is_not_waited_for()
    {
        using var channel = new AgentChannel(Instance, Store);
        var order = Instance.Order("trap '' TERM; echo up; while true; do sleep 1; done") with { Checkpoints = null, Outputs = [new OutputOrder("/out", "outputs/out/", Always: false, Every: null)] };
        channel.Command("1", new StartTrainer { Order = order });
        await channel.UntilAsync(() => channel.Log.Contains("up", StringComparison.Ordinal), "trainer");
        channel.Command("2", new DrainTrainer(TimeSpan.FromHours(1)));
        await channel.WaitForAsync<DrainDone>();
        Assert.Equal(137, (await channel.WaitForAsync<TrainerEnded>()).ExitCode);
    }

    [Theory]
    [InlineData("exec python3 -c 'import signal,sys,time; signal.signal(15, lambda *a: sys.exit(0)); print(\"up\", flush=True); time.sleep(600)'", 0)]
    [InlineData("echo up; exec sleep 600", 143)]
    public async Task An_end_that_the_host_brings_about_is_told_as_one_whatever_its_code(string script, int code)
    {
        using var channel = new AgentChannel(Instance, Store);
        channel.Command("1", new StartTrainer { Order = Instance.Order(script) });
        await channel.UntilAsync(() => channel.Log.Contains("up", StringComparison.Ordinal), "trainer");

        Signals.Send(LiveProcess.Read(Instance.Pid("supervisor.json"))!, Signals.Terminate);

        var ended = await channel.WaitForAsync<TrainerEnded>();
        Assert.Equal((code, true), (ended.ExitCode, ended.HostLeaves));
    }

    [Fact]
    public async Task A_trainer_that_hears_of_the_hosts_end_before_the_agent_does_has_not_failed()
    {
        using var channel = new AgentChannel(Instance, Store);
        channel.Command("1", new StartTrainer { Order = Instance.Order("echo up; exec sleep 600") });
        await channel.UntilAsync(() => channel.Log.Contains("up", StringComparison.Ordinal), "trainer");
        var (trainer, supervisor) = (LiveProcess.Read(Instance.TrainerPid("trainer"))!, LiveProcess.Read(Instance.Pid("supervisor.json"))!);

        Signals.Send(trainer, Signals.Terminate);
        Signals.Send(supervisor, Signals.Terminate);

        Assert.True((await channel.WaitForAsync<TrainerEnded>()).HostLeaves);
    }

    [Theory]
    [InlineData(true, null, "outputs/out/late.txt")]
    [InlineData(false, 3600, "outputs/out/at-000001/late.txt")]
    public async Task A_trainer_without_checkpoints_has_the_whole_grace_for_outputs_that_are_due_anyway(bool always, int? every, string key)
    {
        using var channel = new AgentChannel(Instance, Store);
        var trainer = "import os,signal,sys,time\ndef stop(*a):\n time.sleep(8)\n open(os.environ['ORCHESTRATOR_OUTPUT_DIR']+'/late.txt','w').write('late')\n sys.exit(4)\nsignal.signal(signal.SIGTERM,stop)\nprint('up',flush=True)\nwhile True: time.sleep(1)\n";
        await File.WriteAllTextAsync(Path.Combine(Instance.Home, "t.py"), trainer);
        var order = Instance.Order($"exec python3 {Instance.Home}/t.py");
        order = order with { Checkpoints = null, Outputs = [new OutputOrder("/out", "outputs/out/", always, every is { } seconds ? TimeSpan.FromSeconds(seconds) : null)] };
        channel.Command("1", new StartTrainer { Order = order });
        await channel.UntilAsync(() => channel.Log.Contains("up", StringComparison.Ordinal), "trainer");
        channel.Command("2", new DrainTrainer(TimeSpan.FromSeconds(120)));
        var drained = await channel.WaitForAsync<DrainDone>();
        Assert.True(drained.OutputsStored, drained.Words);
        Assert.Equal("late", Encoding.UTF8.GetString(Store.Objects[order.AttemptPrefix + key]));
    }

    [Fact]
    public async Task A_trainer_that_hangs_with_a_loss_of_nan_is_told_as_both()
    {
        using var channel = new AgentChannel(Instance, Store);
        var trainer = "import faulthandler,signal,sys,time\nfaulthandler.register(signal.SIGQUIT)\ndef hangs_here():\n time.sleep(600)\nprint('{\"step\": 812, \"loss\": NaN, \"lr\": 0.5}',flush=True)\nhangs_here()\n";
        await File.WriteAllTextAsync(Path.Combine(Instance.Home, "t.py"), trainer);
        channel.Command("1", new StartTrainer { Order = Instance.Order($"python3 {Instance.Home}/t.py; exit") with { Checkpoints = null } });
        await channel.UntilAsync(() => channel.Beat?.NotFinite is not null, "a metric that is no number");
        Assert.Equal(new OddMetric(OddValue.NaN, 812), channel.Beat!.NotFinite!["loss"]);
        Assert.Equal(["lr"], channel.Beat.Metrics!.Keys);

        channel.Command("2", new DrainTrainer(TimeSpan.FromSeconds(1)) { Stacks = true });

        var drained = await channel.WaitForAsync<DrainDone>();
        Assert.Contains("hangs_here", drained.Stacks, StringComparison.Ordinal);
        await channel.UntilAsync(() => channel.Log.Contains("--- end ---", StringComparison.Ordinal), "the stacks in the log");
        Assert.Contains("python3, threads by the kernel:", channel.Log, StringComparison.Ordinal);
    }
}
