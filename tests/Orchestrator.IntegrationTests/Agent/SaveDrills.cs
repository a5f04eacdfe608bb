using Orchestrator.Protocol;
using Xunit;

namespace Orchestrator.IntegrationTests.Agent;

/// <summary>Checkpoints that somebody asks for.</summary>
public sealed class SaveDrills : AgentDrill
{
    [Fact]
    public async Task A_save_is_asked_by_signal_through_a_shell_that_would_die_of_it()
    {
        using var channel = new AgentChannel(Instance, Store);
        var trainer = "import os,signal,time\nd=os.environ['ORCHESTRATOR_CHECKPOINT_DIR']\nn=0\ndef save(*a):\n global n\n n+=1\n open(d+'/.t','w').write(str(n))\n os.rename(d+'/.t',d+'/step-%d'%n)\nsignal.signal(signal.SIGUSR1,save)\nprint('ready',flush=True)\nwhile True: time.sleep(1)\n";
        await File.WriteAllTextAsync(Path.Combine(Instance.Home, "t.py"), trainer);
        var order = Instance.Order($"python3 {Instance.Home}/t.py; echo after");
        channel.Command("1", new StartTrainer { Order = order with { Checkpoints = order.Checkpoints! with { RequestSignal = "SIGUSR1" } } });
        await channel.UntilAsync(() => channel.Log.Contains("ready", StringComparison.Ordinal), "trainer");
        channel.Command("2", new SaveNow(41));
        var done = await channel.WaitForAsync<SaveDone>();
        Assert.Equal(41, done.Request);
        Assert.Equal(Assert.Single(channel.Events.OfType<CheckpointStored>()).ManifestKey, done.ManifestKey);
        await channel.UntilAsync(() => channel.Beat is { Trainer: TrainerStatus.Running }, "beat");
        Assert.Empty(channel.Events.OfType<TrainerEnded>());
    }

    [Theory]
    [InlineData(CompletionKind.Rename)]
    [InlineData(CompletionKind.Settle)]
    public async Task A_save_is_not_answered_by_a_checkpoint_that_lay_there_before(CompletionKind completion)
    {
        using var channel = new AgentChannel(Instance, Store);
        await StartSaverAsync(channel, "time.sleep(4); save()", completion);
        await PutAsync("old-1");
        channel.Command("2", new SaveNow(41));
        var done = await channel.WaitForAsync<SaveDone>();
        Assert.True(done.ManifestKey is not null, done.Words);
        Assert.Equal("asked-7", channel.Events.OfType<CheckpointStored>().Single(one => one.ManifestKey == done.ManifestKey).Entry);
    }

    [Fact]
    public async Task A_save_that_brings_nothing_new_says_so_and_what_is_durable()
    {
        using var channel = new AgentChannel(Instance, Store);
        await StartSaverAsync(channel, "pass", CompletionKind.Rename);
        await PutAsync("old-1");
        channel.Command("2", new SaveNow(41) { Within = TimeSpan.FromSeconds(8) });
        var done = await channel.WaitForAsync<SaveDone>();
        Assert.Null(done.ManifestKey);
        Assert.Equal("no new checkpoint within 8 s; newest durable is old-1 (step 1)", done.Words);
    }

    /// <summary>An upload that takes longer than the rhythm: the trainer makes no checkpoint that would only wait, and grow old.</summary>
    [Fact]
    public async Task While_a_checkpoint_is_on_its_way_no_other_is_asked_for()
    {
        Store.Throttle = 5_000;
        using var channel = new AgentChannel(Instance, Store);
        var asks = Instance.Place("/asks");
        var trainer = $"import os,time\nd=os.environ['ORCHESTRATOR_CHECKPOINT_DIR']\nn=0\nwhile True:\n time.sleep(0.1)\n if os.path.exists(d+'/SAVE'):\n  os.remove(d+'/SAVE')\n  n+=1\n  open('{asks}','a').write('x')\n  open(d+'/.t','wb').write(os.urandom(1000000))\n  os.rename(d+'/.t',d+'/step-%d'%n)\n";
        await File.WriteAllTextAsync(Path.Combine(Instance.Home, "t.py"), trainer);
        var order = Instance.Order($"exec python3 {Instance.Home}/t.py");
        channel.Command("1", new StartTrainer { Order = order with { Checkpoints = order.Checkpoints! with { RequestFile = "/ckpt/SAVE", Every = TimeSpan.FromSeconds(1) } } });
        await channel.UntilAsync(() => channel.Beat?.Activity?.Contains("upload", StringComparison.Ordinal) == true, "an upload");

        var asked = new FileInfo(asks).Length;
        for (var beats = 0; beats < 4; beats++)
        {
            var last = channel.Beat;
            await channel.UntilAsync(() => !ReferenceEquals(channel.Beat, last), "beat");
        }

        // One may have been asked for just before the upload began.
        Assert.Empty(channel.Events.OfType<CheckpointStored>());
        Assert.InRange(new FileInfo(asks).Length, asked, asked + 1);
    }

    private async Task StartSaverAsync(AgentChannel channel, string onRequest, CompletionKind completion)
    {
        var trainer = $"import os,signal,time\nd=os.environ['ORCHESTRATOR_CHECKPOINT_DIR']\ndef save():\n open(d+'/.t','w').write('asked')\n os.rename(d+'/.t',d+'/asked-7')\ndef asked(*a):\n {onRequest}\nsignal.signal(signal.SIGUSR1,asked)\nprint('ready',flush=True)\nwhile True: time.sleep(1)\n";
        await File.WriteAllTextAsync(Path.Combine(Instance.Home, "t.py"), trainer);
        var order = Instance.Order($"exec python3 {Instance.Home}/t.py", completion);
        channel.Command("1", new StartTrainer { Order = order with { Checkpoints = order.Checkpoints! with { RequestSignal = "SIGUSR1" } } });
        await channel.UntilAsync(() => channel.Log.Contains("ready", StringComparison.Ordinal), "trainer");
    }

    /// <summary>Whole at once, as a trainer's rename would bring it, so that the agent sees it only after the request that follows.</summary>
    private async Task PutAsync(string entry)
    {
        await File.WriteAllTextAsync(Instance.Place("/ckpt/.put"), "old");
        File.Move(Instance.Place("/ckpt/.put"), Instance.Place("/ckpt/" + entry));
    }
}
