using System.Collections.Immutable;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Orchestrator.Checkpoints;
using Orchestrator.IntegrationTests.Support;
using Orchestrator.Json;
using Orchestrator.Protocol;
using Xunit;

namespace Orchestrator.IntegrationTests.Agent;

/// <summary>The real agent, driven over attach as the engine drives it.</summary>
public sealed class AgentDrills : AgentDrill
{
    [Fact]
    public async Task A_job_is_checked_staged_trained_stored_drained_and_cleaned()
    {
        using var channel = new AgentChannel(Instance, Store);
        var data = "hello"u8.ToArray();
        Store.Objects["data/x"] = data;
        var order = Instance.Order("""
            cat "$ORCHESTRATOR_DATA_DIR/x.txt"; echo " $GREETING $TOKEN"
            for i in 1 2 3; do echo "{\"step\": $i, \"total\": 3, \"loss\": 0.$i}" >> "$ORCHESTRATOR_PROGRESS_FILE"; done
            mkdir "$ORCHESTRATOR_CHECKPOINT_DIR/.step-3"; echo weights > "$ORCHESTRATOR_CHECKPOINT_DIR/.step-3/w.bin"
            mv "$ORCHESTRATOR_CHECKPOINT_DIR/.step-3" "$ORCHESTRATOR_CHECKPOINT_DIR/step-3"
            echo result > "$ORCHESTRATOR_OUTPUT_DIR/result.txt"
            """) with
        {
            Env = ImmutableSortedDictionary<string, string>.Empty.Add("GREETING", "from env"),
            Secrets = ImmutableSortedDictionary<string, string>.Empty.Add("TOKEN", "s3cr3t-value"),
            Sources = [new StageSource { To = "/data", Files = [new StageFile("x.txt", "data/x", data.Length, Hash(data), 0b110_100_100)] }],
            Setup = ["sh", "-c", "echo setting up"],
            Outputs = [new OutputOrder("/out", "outputs/out/", Always: false, Every: null)],
        };

        channel.Command("1", new CheckHost { DiskBytes = 1 });
        Assert.Null((await channel.WaitForAsync<HostChecked>()).Refusal);
        channel.Command("2", new StageFiles { Order = order with { Secrets = ImmutableSortedDictionary<string, string>.Empty } });
        Assert.Equal(5, (await channel.WaitForAsync<FilesStaged>()).Bytes);
        channel.Command("3", new StartTrainer { Order = order });
        var ended = await channel.WaitForAsync<TrainerEnded>();
        Assert.Equal(0, ended.ExitCode);
        Assert.Equal(3, ended.Step);
        await channel.UntilAsync(() => channel.Log.Contains("setting up\nhello from env s3cr3t-value", StringComparison.Ordinal), "log");
        await channel.UntilAsync(() => channel.Beat is { TotalSteps: 3, Trainer: TrainerStatus.Exited }, "beat");

        channel.Command("4", new DrainTrainer(TimeSpan.FromSeconds(5)));
        var drained = await channel.WaitForAsync<DrainDone>();
        Assert.True(drained is { CheckpointFlushed: true, OutputsStored: true }, drained.Words);
        var stored = Assert.Single(channel.Events.OfType<CheckpointStored>());
        Assert.Equal(("step-3", 3, 1), (stored.Entry, stored.Step, stored.Ordinal));
        var manifest = JsonSerializer.Deserialize(Store.Objects[stored.ManifestKey], CoreJson.Default.CheckpointManifest)!;
        Assert.Equal("weights\n", Encoding.UTF8.GetString(Store.Objects[Assert.Single(manifest.Files).Key]));
        Assert.Equal("result\n", Encoding.UTF8.GetString(Store.Objects[order.AttemptPrefix + "outputs/out/result.txt"]));

        // The trainer's own log is its business, the lock is held; all else below the root must not know the secret.
        var files = Directory.EnumerateFiles(Instance.Root, "*", SearchOption.AllDirectories)
            .Where(file => Path.GetFileName(file) is not ("trainer.log" or "attach.sock" or "alive"));
        Assert.All(files.Where(file => !file.EndsWith("journal.jsonl", StringComparison.Ordinal)), file => Assert.DoesNotContain("s3cr3t-value", File.ReadAllText(file), StringComparison.Ordinal));

        channel.Command("5", new CleanHost());
        Assert.True((await channel.WaitForAsync<HostCleaned>()).Wiped);
        Assert.Equal(["agent"], Directory.EnumerateFileSystemEntries(Instance.Root).Select(path => Path.GetFileName(path)!));
        var supervisor = Instance.Pid("supervisor.json");
        channel.Command("6", new StopAgent());
        await channel.UntilAsync(() => !IsAlive(supervisor), "end of the supervisor");
        Assert.Equal(Enumerable.Range(1, channel.Events.Count).Select(n => (long)n), channel.Events.Select(one => one.Seq));
    }

    [Fact]
    public async Task A_killed_agent_comes_back_and_training_and_exit_code_are_kept()
    {
        using var first = new AgentChannel(Instance);
        first.Command("1", new StartTrainer { Order = Instance.Order("for i in 1 2 3 4 5 6; do echo line $i; sleep 0.5; done; exit 7") });
        var started = await first.WaitForAsync<TrainerStarted>();
        Kill(Instance.Pid("agent.json"));
        await first.Ended;

        using var second = new AgentChannel(Instance, epoch: 2);
        var ended = await second.WaitForAsync<TrainerEnded>();
        Assert.Equal(7, ended.ExitCode);
        Assert.Equal(started.Pid, Assert.Single(second.Events.OfType<TrainerStarted>()).Pid);
        await second.UntilAsync(() => second.Log == "line 1\nline 2\nline 3\nline 4\nline 5\nline 6\n", "whole log");
        Assert.Contains("line 6", ended.Tail, StringComparison.Ordinal);
        Assert.Contains(second.Events.OfType<HostProblem>(), problem => problem.Words.Contains("started again", StringComparison.Ordinal));
        // The command was done: sent again it starts nothing.
        second.Command("1", new StartTrainer { Order = Instance.Order("echo again") });
        second.Command("2", new CheckHost());
        await second.WaitForAsync<HostChecked>();
        Assert.Single(second.Events.OfType<TrainerStarted>());
    }

    [Theory]
    [InlineData("trainer")]
    [InlineData("agent and trainer")]
    [InlineData("wrapper and trainer")]
    public async Task A_killed_trainer_is_reported_with_137_whoever_else_was_killed(string who)
    {
        using var first = new AgentChannel(Instance);
        first.Command("1", new StartTrainer { Order = Instance.Order("echo up; exec sleep 600") });
        await first.WaitForAsync<TrainerStarted>();
        if (who.StartsWith("agent", StringComparison.Ordinal))
        {
            Kill(Instance.Pid("agent.json"));
        }
        else if (who.StartsWith("wrapper", StringComparison.Ordinal))
        {
            Kill(Instance.TrainerPid("wrapper"));
            // One that is still dying may reap the trainer and take the exit code with it.
            var supervisor = Instance.Pid("supervisor.json");
            await first.UntilAsync(() => ProcessFacts.Parent(Instance.TrainerPid("trainer")) == supervisor, "adoption of the trainer by the supervisor");
        }

        Kill(Instance.TrainerPid("trainer"));
        using var second = new AgentChannel(Instance, epoch: 2);
        Assert.Equal(137, (await second.WaitForAsync<TrainerEnded>()).ExitCode);
    }

    [Fact]
    public async Task A_trainer_killed_at_once_with_its_wrapper_is_reported_one_way_or_the_other()
    {
        using var channel = new AgentChannel(Instance);
        channel.Command("1", new StartTrainer { Order = Instance.Order("echo up; exec sleep 600") });
        await channel.WaitForAsync<TrainerStarted>();
        var (wrapper, trainer) = (Instance.TrainerPid("wrapper"), Instance.TrainerPid("trainer"));
        Kill(wrapper);
        Kill(trainer);

        // Who reaps the trainer is chance: the supervisor knows the code then, the dying wrapper takes it along.
        await channel.UntilAsync(() => channel.Events.Any(one => one is TrainerEnded or TrainerVanished), "word of the trainer's end");
        Assert.All(channel.Events.OfType<TrainerEnded>(), ended => Assert.Equal(137, ended.ExitCode));
    }

    [Fact]
    public async Task A_missing_command_is_said_in_one_event()
    {
        using var channel = new AgentChannel(Instance);
        channel.Command("1", new StartTrainer { Order = Instance.Order("") with { Command = ["no-such-program"] } });
        var ended = await channel.WaitForAsync<TrainerEnded>();
        Assert.True(ended.NotStarted);
        Assert.Contains("no-such-program: command not found", ended.Tail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Setup_that_takes_too_long_is_ended_and_named()
    {
        using var channel = new AgentChannel(Instance);
        channel.Command("1", new StartTrainer { Order = Instance.Order("echo never") with { Setup = ["sh", "-c", "sleep 600"], SetupTimeout = TimeSpan.FromSeconds(1) } });
        var ended = await channel.WaitForAsync<TrainerEnded>();
        Assert.True(ended is { InSetup: true, TimedOut: true });
    }

    [Fact]
    public async Task An_attach_goes_on_where_the_last_one_stopped_and_the_lower_epoch_gives_way()
    {
        using var first = new AgentChannel(Instance, epoch: 5);
        first.Command("1", new StartTrainer { Order = Instance.Order($"echo one; until [ -e {Instance.Home}/go ]; do sleep 0.1; done; echo two") });
        await first.WaitForAsync<TrainerStarted>();
        await first.UntilAsync(() => first.LogBytes == 4, "first line");
        using var second = new AgentChannel(Instance, epoch: 6, since: first.Events[^1].Seq, logOffset: 4);
        await first.Ended;
        await File.WriteAllTextAsync(Path.Combine(Instance.Home, "go"), "");
        Assert.Equal(2, (await second.WaitForAsync<TrainerEnded>()).Seq);
        await second.UntilAsync(() => second.Log == "two\n", "second line");
        using var stale = new AgentChannel(Instance, epoch: 4);
        await stale.Ended;
        Assert.Empty(stale.Events);
        second.Command("2", new CheckHost());
        await second.WaitForAsync<HostChecked>();
    }

    [Fact]
    public async Task Hostile_lines_end_the_connection_and_nothing_else()
    {
        foreach (var line in new[] { "not json", "{\"type\":\"ack\"", "{}", "[]", new string('x', ProtocolVersion.MaxOrderLine + 100), "{\"type\":\"grant-answer\",\"id\":1}" })
        {
            using var hostile = new AgentChannel(Instance, epoch: 9);
            try
            {
                hostile.SendLine(line);
                hostile.SendLine("also not json");
            }
            catch (IOException)
            {
                // Closed while we wrote.
            }

            await hostile.Ended.WaitAsync(TimeSpan.FromSeconds(120));
        }

        using var channel = new AgentChannel(Instance, epoch: 9);
        channel.Command("1", new CheckHost());
        await channel.WaitForAsync<HostChecked>();
        Assert.DoesNotContain(channel.Events.OfType<HostProblem>(), problem => problem.Words.Contains("started again", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_checkpoint_written_while_no_server_is_there_is_stored_when_one_returns()
    {
        using (var first = new AgentChannel(Instance, Store))
        {
            first.Command("1", new StartTrainer { Order = Instance.Order("sleep 1; cd $ORCHESTRATOR_CHECKPOINT_DIR; for i in 1 2 3; do echo $i > .t; mv .t ckpt-$i; sleep 0.5; done; sleep 600") });
            await first.WaitForAsync<TrainerStarted>();
        }

        await Eventually.TrueAsync(() => File.Exists(Instance.Place("/ckpt/ckpt-3")), "third checkpoint", TimeSpan.FromSeconds(120));
        using var second = new AgentChannel(Instance, Store, epoch: 2);
        var stored = await second.WaitForAsync<CheckpointStored>(one => one.Entry == "ckpt-3");
        Assert.True(Store.Objects.ContainsKey(stored.ManifestKey));
    }

    [Fact]
    public async Task A_store_that_refuses_is_a_pause_and_a_word_never_an_end()
    {
        Store.Refuse = 403;
        using var channel = new AgentChannel(Instance, Store);
        channel.Command("1", new StartTrainer { Order = Instance.Order("cd $ORCHESTRATOR_CHECKPOINT_DIR; echo 1 > .t; mv .t ckpt-1; sleep 600") });
        await channel.WaitForAsync<HostProblem>(problem => problem.Words.Contains("403", StringComparison.Ordinal));
        Assert.Empty(channel.Events.OfType<CheckpointStored>());
        Store.Refuse = 0;
        await channel.WaitForAsync<CheckpointStored>();
        await channel.UntilAsync(() => channel.Beat is { Trainer: TrainerStatus.Running }, "beat");
        Assert.Single(channel.Events.OfType<HostProblem>());
    }

    [Fact]
    public async Task A_drain_keeps_the_checkpoint_that_the_trainer_writes_in_its_grace()
    {
        using var channel = new AgentChannel(Instance, Store);
        var trainer = "import os,signal,sys,time\nd=os.environ['ORCHESTRATOR_CHECKPOINT_DIR']\ndef stop(*a):\n time.sleep(1)\n open(d+'/.t','w').write('last')\n os.rename(d+'/.t',d+'/last-9')\n sys.exit(1)\nsignal.signal(signal.SIGTERM,stop)\nprint('ready',flush=True)\nwhile True: time.sleep(1)\n";
        await File.WriteAllTextAsync(Path.Combine(Instance.Home, "t.py"), trainer);
        channel.Command("1", new StartTrainer { Order = Instance.Order($"python3 {Instance.Home}/t.py; echo not reached") });
        await channel.UntilAsync(() => channel.Log.Contains("ready", StringComparison.Ordinal), "trainer");
        channel.Command("2", new DrainTrainer(TimeSpan.FromSeconds(120)));
        var drained = await channel.WaitForAsync<DrainDone>();
        Assert.True(drained.CheckpointFlushed, drained.Words);
        Assert.Equal("last-9", Assert.Single(channel.Events.OfType<CheckpointStored>()).Entry);
        Assert.Equal(1, Assert.Single(channel.Events.OfType<TrainerEnded>()).ExitCode);
        Assert.DoesNotContain("not reached", channel.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_trainer_that_ignores_the_signal_is_killed_with_all_it_started()
    {
        using var channel = new AgentChannel(Instance, Store);
        channel.Command("1", new StartTrainer { Order = Instance.Order("trap '' TERM; sleep 601 & setsid sleep 602 & echo up; while true; do sleep 1; done") });
        await channel.UntilAsync(() => channel.Log.Contains("up", StringComparison.Ordinal), "trainer");
        channel.Command("2", new DrainTrainer(TimeSpan.FromSeconds(1)));
        await channel.WaitForAsync<DrainDone>();
        Assert.Equal(137, (await channel.WaitForAsync<TrainerEnded>()).ExitCode);
        await channel.UntilAsync(() => Processes(Instance.TrainerPid("wrapper")).Count == 0, "end of all that it started");
    }

    internal static string Hash(byte[] bytes) => System.IO.Hashing.XxHash128.HashToUInt128(bytes).ToString("x32", null);

    internal static void Kill(int pid)
    {
        using var process = Process.GetProcessById(pid);
        process.Kill();
    }

    private static bool IsAlive(int pid)
    {
        try
        {
            return ProcessFacts.Stat(pid)[0] != "Z";
        }
        catch (IOException)
        {
            // It ended, perhaps between two looks.
            return false;
        }
    }

    private static List<string> Processes(int session) =>
        [.. Directory.EnumerateDirectories("/proc").Where(one => int.TryParse(Path.GetFileName(one), out _))
            .Select(one => { try { return File.ReadAllText(one + "/stat"); } catch (IOException) { return ""; } })
            .Where(stat => stat.Contains(") ", StringComparison.Ordinal) && stat[(stat.LastIndexOf(')') + 2)..].Split(' ') is { Length: > 4 } fields && fields[0] != "Z" && fields[3] == session.ToString(null, null))];
}
