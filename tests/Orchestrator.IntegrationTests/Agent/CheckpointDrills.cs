using System.Text;
using System.Text.Json;
using Orchestrator.Checkpoints;
using Orchestrator.Json;
using Orchestrator.Protocol;
using Xunit;

namespace Orchestrator.IntegrationTests.Agent;

/// <summary>Checkpoints of the real agent: what is stored is whole, what is restored is what was stored, and memory stays small.</summary>
public sealed class CheckpointDrills : IAsyncLifetime
{
    private TestStore _store = null!;

    public async Task InitializeAsync() => _store = await TestStore.StartAsync();

    public async Task DisposeAsync() => await _store.DisposeAsync();

    [Fact]
    public async Task A_checkpoint_rewritten_in_place_while_it_is_read_is_never_stored_mixed()
    {
        // Without the check the same trainer does get a mixed one stored, so the test can fail; which moment is read is chance.
        var mixed = false;
        for (var tries = 0; tries < 6 && !mixed; tries++)
        {
            mixed = await StoredMixedAsync("no-change-check");
        }

        Assert.True(mixed, "the drill is blind: six checkpoints were rewritten while they were read, and none was mixed");
        Assert.False(await StoredMixedAsync(null));
    }

    /// <summary>One name, saved more often than it can be sent: what was complete is stored all the same, and never mixed.</summary>
    [Fact]
    public async Task A_checkpoint_that_is_replaced_faster_than_it_is_sent_is_stored()
    {
        _store.Throttle = 2_000_000;
        using var instance = new AgentInstance();
        using var channel = new AgentChannel(instance, _store);
        const string script = "d=$ORCHESTRATOR_CHECKPOINT_DIR; n=0; while :; do n=$((n+1)); (yes $n || :) | head -c 6000000 > $d/.t; mv $d/.t $d/last.pt; sleep 0.5; done";
        channel.Command("1", new StartTrainer { Order = instance.Order(script, CompletionKind.Rename) });

        var stored = await channel.WaitForAsync<CheckpointStored>();

        var bytes = _store.Objects[Assert.Single(Manifest(stored).Files).Key];
        var number = Encoding.ASCII.GetString(bytes).Split('\n')[0];
        Assert.Equal(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(number + "\n", 3_000_000)))[..6_000_000], bytes);
    }

    /// <summary>The same without a rename: the file itself is written anew, so only a copy stays what it was.</summary>
    [Fact]
    public async Task A_checkpoint_that_is_written_over_in_place_sooner_than_it_is_sent_is_stored()
    {
        _store.Throttle = 400_000;
        using var instance = new AgentInstance();
        using var channel = new AgentChannel(instance, _store);
        const string script = "d=$ORCHESTRATOR_CHECKPOINT_DIR; n=0; while :; do n=$((n+1)); (yes $n || :) | head -c 6000000 > $d/last.pt; sleep 8; done";
        channel.Command("1", new StartTrainer { Order = instance.Order(script, CompletionKind.Settle) });

        var stored = await channel.WaitForAsync<CheckpointStored>();

        Assert.NotEmpty(channel.Events.OfType<CheckpointDiscarded>());
        var text = Encoding.ASCII.GetString(_store.Objects[Assert.Single(Manifest(stored).Files).Key]);
        Assert.Equal(string.Concat(Enumerable.Repeat(text.Split('\n')[0] + "\n", 3_000_000))[..6_000_000], text);
    }

    [Fact]
    public async Task An_entry_is_restored_resumed_from_not_stored_again_and_its_unchanged_files_are_referred_to()
    {
        CheckpointStored first;
        using (var instance = new AgentInstance())
        using (var channel = new AgentChannel(instance, _store))
        {
            channel.Command("1", new StartTrainer { Order = instance.Order("d=$ORCHESTRATOR_CHECKPOINT_DIR; mkdir -p $d/.n/sub; echo base > $d/.n/sub/base; echo w1 > $d/.n/w; mv $d/.n $d/step-1; sleep 600") });
            first = await channel.WaitForAsync<CheckpointStored>();
        }

        using var next = new AgentInstance();
        using var attach = new AgentChannel(next, _store);
        var script = "d=$ORCHESTRATOR_CHECKPOINT_DIR; cat $ORCHESTRATOR_RESUME_FROM/w; echo resume=$ORCHESTRATOR_IS_RESUME; mkdir $d/.n $d/.n/sub; cp $d/step-1/sub/base $d/.n/sub/base; echo w2 > $d/.n/w; mv $d/.n $d/step-2; sleep 4; echo";
        var order = next.Order(script) with { Attempt = 2, AttemptPrefix = "jobs/test-01J/e1/a0002/" };
        order = order with { Checkpoints = order.Checkpoints! with { ResumeArgs = "--resume {path}" } };
        attach.Command("1", new StageFiles { RestoreManifestKey = first.ManifestKey, Order = order });
        Assert.Equal(first.ManifestKey, (await attach.WaitForAsync<FilesStaged>()).RestoredManifestKey);
        attach.Command("2", new StartTrainer { Order = order });
        await attach.WaitForAsync<TrainerEnded>();
        attach.Command("3", new DrainTrainer(TimeSpan.Zero));
        await attach.WaitForAsync<DrainDone>();
        await attach.UntilAsync(() => attach.Log.Contains("w1\nresume=1", StringComparison.Ordinal), "resumed training");
        await attach.UntilAsync(() => attach.Log.Contains($"--resume {next.Place("/ckpt/step-1")}", StringComparison.Ordinal), "resume argument");
        var second = Assert.Single(attach.Events.OfType<CheckpointStored>());
        var manifest = Manifest(second);
        Assert.Equal(["step-2/sub/base", "step-2/w"], manifest.Files.Select(file => file.Path));
        Assert.StartsWith("jobs/test-01J/e1/a0001/", manifest.Files[0].Key, StringComparison.Ordinal);
        Assert.StartsWith("jobs/test-01J/e1/a0002/", manifest.Files[1].Key, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_or_climbing_checkpoint_is_refused_by_name()
    {
        using var instance = new AgentInstance();
        using var channel = new AgentChannel(instance, _store);
        var file = new ManifestFile { Path = "e", Key = "k", Size = 3, Hash = AgentDrills.Hash("abc"u8.ToArray()) };
        var manifest = new CheckpointManifest { Job = "j", Attempt = 1, Ordinal = 1, Entry = "e", TakenAt = DateTimeOffset.UnixEpoch, Files = [file] };
        _store.Objects["k"] = "abd"u8.ToArray();
        _store.Objects["m1"] = JsonSerializer.SerializeToUtf8Bytes(manifest, CoreJson.Default.CheckpointManifest);
        _store.Objects["m2"] = JsonSerializer.SerializeToUtf8Bytes(manifest with { Files = [file with { Path = "e/../../../x" }] }, CoreJson.Default.CheckpointManifest);
        foreach (var key in new[] { "m1", "m2", "m3" })
        {
            channel.Command(key, new StageFiles { RestoreManifestKey = key, Order = instance.Order("") });
            var refused = await channel.WaitForAsync<StageRefused>(one => one.ManifestKey == key);
            Assert.Equal(StageRefusal.CheckpointDamaged, refused.Kind);
        }

        Assert.False(File.Exists(Path.Combine(instance.Home, "x")));
    }

    [Fact]
    public async Task Much_output_and_a_large_checkpoint_need_little_memory()
    {
        using var instance = new AgentInstance();
        using var channel = new AgentChannel(instance, _store) { DropLog = true };
        var order = instance.Order("head -c 300000000 /dev/urandom > $ORCHESTRATOR_CHECKPOINT_DIR/.t; mv $ORCHESTRATOR_CHECKPOINT_DIR/.t $ORCHESTRATOR_CHECKPOINT_DIR/big-1; yes 0123456789abcdef0123456789abcdef0123456789abcdef | head -c 200000000; sleep 600");
        channel.Command("1", new StartTrainer { Order = order with { LogBytes = 16 << 20 } });
        var stored = await channel.WaitForAsync<CheckpointStored>(seconds: 400);
        Assert.Equal(300_000_000, stored.Bytes);
        Assert.True(stored.Line is { Bytes: > 300_000_000, Mbps: > 0 }, $"measured: {stored.Line}");
        var whole = _store.Objects[Assert.Single(Manifest(stored).Files).Key];
        Assert.Equal(Manifest(stored).Files[0].Hash, AgentDrills.Hash(whole));
        await channel.UntilAsync(
            () =>
            {
                channel.Send(new Acknowledge(0, channel.LogSeen));
                return channel.LogSeen == 200_000_000;
            },
            "whole log",
            400);
        var peak = File.ReadLines($"/proc/{instance.Pid("agent.json")}/status").First(line => line.StartsWith("VmHWM", StringComparison.Ordinal));
        var megabytes = int.Parse(new string([.. peak.Where(char.IsAsciiDigit)]), null) / 1024;
        Assert.True(megabytes < 60, $"peak memory {megabytes} MB");
    }

    private async Task<bool> StoredMixedAsync(string? sabotage)
    {
        await using var store = await TestStore.StartAsync();
        store.Throttle = 4_000_000;
        using var instance = new AgentInstance(sabotage);
        using var channel = new AgentChannel(instance, store);
        var trainer = """
            import os,time
            p=os.environ['ORCHESTRATOR_CHECKPOINT_DIR']+'/last'
            os.mkdir(p)
            for n in range(1,25):
              for name in 'abcdef':
                f=open(p+'/'+name,'r+b' if n>1 else 'wb')
                f.write(bytes([n])*2000000)
                f.close()
              time.sleep(0.2)
            time.sleep(600)
            """;
        await File.WriteAllTextAsync(Path.Combine(instance.Home, "t.py"), trainer);
        channel.Command("1", new StartTrainer { Order = instance.Order($"exec python3 {instance.Home}/t.py", CompletionKind.Rename) });
        await channel.WaitForAsync<CheckpointStored>();
        return channel.Events.OfType<CheckpointStored>().Any(stored =>
        {
            var manifest = JsonSerializer.Deserialize(store.Objects[stored.ManifestKey], CoreJson.Default.CheckpointManifest)!;
            return manifest.Files.SelectMany(file => store.Objects[file.Key].Distinct()).Distinct().Count() > 1;
        });
    }

    private CheckpointManifest Manifest(CheckpointStored stored) =>
        JsonSerializer.Deserialize(_store.Objects[stored.ManifestKey], CoreJson.Default.CheckpointManifest)!;
}
