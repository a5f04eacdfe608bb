using Orchestrator.IntegrationTests.Support;
using Orchestrator.Protocol;
using Xunit;

namespace Orchestrator.IntegrationTests.Agent;

/// <summary>A disk that really is full, by a trainer that takes at once whatever is freed.</summary>
public sealed class DiskFullDrills : IAsyncLifetime
{
    private TestStore _store = null!;

    public async Task InitializeAsync() => _store = await TestStore.StartAsync();

    public async Task DisposeAsync() => await _store.DisposeAsync();

    [FactWithSmallDisk]
    public async Task A_full_disk_is_told_once_waited_out_and_nothing_is_lost()
    {
        using var instance = new AgentInstance(diskSize: "24m");
        using var channel = new AgentChannel(instance, _store);
        var script = """
            until_there() { until [ -e "$HOME_OF_TEST/$1" ]; do sleep 0.1; done; }
            echo weights > $ORCHESTRATOR_CHECKPOINT_DIR/.new
            echo ready
            until_there fill
            ( trap '' TERM; while [ ! -e "$HOME_OF_TEST/stop" ]; do cat /dev/zero >> $ORCHESTRATOR_OUTPUT_DIR/fill || true; sleep 0.02; done ) 2>/dev/null &
            until_there save
            mv $ORCHESTRATOR_CHECKPOINT_DIR/.new $ORCHESTRATOR_CHECKPOINT_DIR/step-5
            until_there end
            exit 3
            """.Replace("$HOME_OF_TEST", instance.Home, StringComparison.Ordinal);
        channel.Command("1", new StartTrainer { Order = instance.Order(script) });
        await channel.UntilAsync(() => channel.Log.Contains("ready", StringComparison.Ordinal), "trainer");
        var agent = instance.Pid("agent.json");

        await TouchAsync(instance, "fill");
        var told = await channel.WaitForAsync<HostProblem>(problem => problem.Words.StartsWith("disk full on the host: ", StringComparison.Ordinal));
        Assert.EndsWith("free; free space or raise resources.disk", told.Words, StringComparison.Ordinal);
        // What the agent holds back is used up as well, so that it really cannot write.
        File.Delete(instance.Place("/agent/reserve"));
        await channel.UntilAsync(() => Free(instance) == 0, "full disk");
        await TouchAsync(instance, "save");
        await channel.UntilAsync(() => File.Exists(instance.Place("/ckpt/step-5")), "checkpoint");
        await TouchAsync(instance, "end");
        await channel.UntilAsync(() => channel.Beat is { DiskFree: 0 }, "beat");
        await Task.Delay(TimeSpan.FromSeconds(4));
        Assert.Empty(channel.Events.OfType<CheckpointStored>());

        await TouchAsync(instance, "stop");
        await channel.UntilAsync(() => { File.Delete(instance.Place("/out/fill")); return Free(instance) > 8_000_000; }, "room");
        Assert.Equal("step-5", (await channel.WaitForAsync<CheckpointStored>()).Entry);
        Assert.Equal(3, (await channel.WaitForAsync<TrainerEnded>()).ExitCode);
        channel.Command("2", new DrainTrainer(TimeSpan.FromSeconds(5)));
        var drained = await channel.WaitForAsync<DrainDone>();
        Assert.True(drained is { CheckpointFlushed: true, OutputsStored: true }, drained.Words);
        Assert.Single(channel.Events.OfType<CheckpointStored>());
        Assert.Single(channel.Events.OfType<HostProblem>());
        Assert.Equal(agent, instance.Pid("agent.json"));
    }

    private static long Free(AgentInstance instance) => new DriveInfo(instance.Place("")).AvailableFreeSpace;

    private static Task TouchAsync(AgentInstance instance, string name) => File.WriteAllTextAsync(Path.Combine(instance.Home, name), "");
}
