using System.Text;
using System.Text.Json;
using Orchestrator.Checkpoints;
using Orchestrator.Json;
using Orchestrator.Protocol;
using Xunit;

namespace Orchestrator.IntegrationTests.Agent;

/// <summary>A checkpoint lies in the trainer's folder whole or not at all, whatever happens while it is restored.</summary>
public sealed class RestoreDrills : AgentDrill
{
    /// <summary>Trainers resume from the newest folder they find, so a half one must not be found, and not be stored again either.</summary>
    [Fact]
    public async Task A_checkpoint_with_a_damaged_file_leaves_nothing_behind_beside_the_one_before()
    {
        using var channel = new AgentChannel(Instance, Store);
        Offer("m20", "step-20", "a", "b", "c");
        Store.Objects["m20/b"] = "rotten"u8.ToArray();
        Offer("m10", "step-10", "a", "sub/b");

        channel.Command("1", Restore("m20"));
        var refused = await channel.WaitForAsync<StageRefused>();
        Assert.Equal((StageRefusal.CheckpointDamaged, "m20"), (refused.Kind, refused.ManifestKey));
        Assert.Empty(InFolder());

        channel.Command("2", Restore("m10"));
        await channel.WaitForAsync<FilesStaged>();
        Assert.Equal(["step-10", "step-10/a", "step-10/sub", "step-10/sub/b"], InFolder());

        channel.Command("3", new StartTrainer { Order = Order("ls -A $ORCHESTRATOR_CHECKPOINT_DIR") });
        await channel.WaitForAsync<TrainerEnded>();
        channel.Command("4", new DrainTrainer(TimeSpan.Zero));
        Assert.True((await channel.WaitForAsync<DrainDone>()).CheckpointFlushed);
        await channel.UntilAsync(() => channel.Log == "step-10\n", "log");
        Assert.Empty(channel.Events.OfType<CheckpointStored>());
    }

    [Fact]
    public async Task An_agent_that_dies_in_the_middle_leaves_nothing_that_could_be_taken_for_a_checkpoint()
    {
        Offer("m20", "runs/step-20", "a", "b");
        Offer("m10", "step-10", "a");
        Store.Stalls = key => key == "m20/b";
        using (var channel = new AgentChannel(Instance, Store))
        {
            channel.Command("1", Restore("m20"));
            await channel.UntilAsync(() => InFolder().Any(name => name.EndsWith("step-20/a", StringComparison.Ordinal)), "first file");
            Assert.Equal(["runs", "runs/.orchestrator-restoring"], InFolder().Take(2));
            Assert.DoesNotContain(InFolder(), name => name.StartsWith("runs/step", StringComparison.Ordinal));
            AgentDrills.Kill(Instance.Pid("agent.json"));
            await channel.Ended;
        }

        using var next = new AgentChannel(Instance, Store, epoch: 2);
        next.Command("2", Restore("m10"));
        await next.WaitForAsync<FilesStaged>();
        Assert.Equal(["runs", "step-10", "step-10/a"], InFolder());
    }

    [Theory]
    [InlineData("last.pt")]
    [InlineData("runs/7/last.pt")]
    [InlineData("runs/7/step-3")]
    public async Task What_lay_under_its_name_gives_way_and_what_is_in_place_is_not_fetched_again(string entry)
    {
        using var channel = new AgentChannel(Instance, Store);
        var place = Instance.Place("/ckpt/" + entry);
        Directory.CreateDirectory(place);
        await File.WriteAllTextAsync(Path.Combine(place, "of the image"), "x");
        await File.WriteAllTextAsync(Instance.Place("/ckpt/mine"), "stays");
        string[] files = entry.EndsWith(".pt", StringComparison.Ordinal) ? [""] : ["a", "b"];
        Offer("m", entry, files);

        channel.Command("1", Restore("m"));
        Assert.NotEqual(0, (await channel.WaitForAsync<FilesStaged>()).Bytes);
        string[] expected = files is [""] ? [entry] : [entry, entry + "/a", entry + "/b"];
        Assert.Equal(expected.Append("mine").Order(StringComparer.Ordinal), InFolder().Where(name => name is not ("runs" or "runs/7")));

        channel.Command("2", Restore("m"));
        await channel.UntilAsync(() => channel.Events.OfType<FilesStaged>().Count() == 2, "second answer");
        Assert.Equal(0, channel.Events.OfType<FilesStaged>().Last().Bytes);

        // Another one instead: what was brought before is no longer there to be taken for the newest.
        Offer("m2", "step-1", "a");
        channel.Command("3", Restore("m2"));
        await channel.UntilAsync(() => channel.Events.OfType<FilesStaged>().Count() == 3, "third answer");
        Assert.Equal(["mine", "step-1", "step-1/a"], InFolder().Where(name => name is not ("runs" or "runs/7")));
    }

    /// <summary>Proxies and missing buckets answer 404 as well: that is a wait, as it is for uploads, and no checkpoint is given up for it.</summary>
    [Theory]
    [InlineData(404)]
    [InlineData(403)]
    [InlineData(500)]
    public async Task A_store_that_does_not_answer_as_itself_is_waited_for(int status)
    {
        using var channel = new AgentChannel(Instance, Store);
        Offer("m", "step-1", "a");
        Store.Refuse = status;
        channel.Command("1", Restore("m"));
        await channel.WaitForAsync<HostProblem>(problem => problem.Words.Contains("does not take or give m", StringComparison.Ordinal));
        Assert.Empty(channel.Events.OfType<StageRefused>());

        Store.Refuse = 0;
        await channel.WaitForAsync<FilesStaged>();
    }

    [Fact]
    public async Task A_refusal_of_the_server_says_nothing_of_the_checkpoint()
    {
        using var channel = new AgentChannel(
            Instance, request => Task.FromResult(new GrantAnswer(request.Id, [.. request.Wanted.Select(one => new Grant { Key = one.Key, Refused = "no", Final = true })])));
        channel.Command("1", Restore("m"));

        Assert.Equal(StageRefusal.Source, (await channel.WaitForAsync<StageRefused>()).Kind);
    }

    /// <summary>Two hours of data are not staged for a checkpoint that is no good.</summary>
    [Fact]
    public async Task The_checkpoint_is_judged_before_data_is_fetched()
    {
        using var channel = new AgentChannel(Instance, Store);
        Offer("m", "step-1", "a");
        Store.Objects["m/a"] = "rotten"u8.ToArray();
        Store.Stalls = key => key == "data";
        var order = Order("") with { Sources = [new StageSource { To = "/data", Files = [new StageFile("x", "data", 5, "", 0b110_100_100)] }] };
        Store.Objects["data"] = "hello"u8.ToArray();

        channel.Command("1", new StageFiles { Order = order, RestoreManifestKey = "m" });

        Assert.Equal(StageRefusal.CheckpointDamaged, (await channel.WaitForAsync<StageRefused>()).Kind);
    }

    private TrainerOrder Order(string script) => Instance.Order(script);

    private StageFiles Restore(string manifest) => new() { Order = Order(""), RestoreManifestKey = manifest };

    /// <param name="key">Of the manifest; files lie below it.</param>
    /// <param name="entry">The entry's name.</param>
    /// <param name="files">Below the entry; an empty name = the entry is this file.</param>
    private void Offer(string key, string entry, params string[] files)
    {
        var manifest = new CheckpointManifest
        {
            Job = "j", Attempt = 1, Ordinal = 1, Entry = entry, TakenAt = DateTimeOffset.UnixEpoch, Files = [.. files.Select(file =>
            {
                var bytes = Encoding.UTF8.GetBytes("content of " + file);
                Store.Objects[$"{key}/{file}"] = bytes;
                return new ManifestFile { Path = file.Length == 0 ? entry : $"{entry}/{file}", Key = $"{key}/{file}", Size = bytes.Length, Hash = AgentDrills.Hash(bytes) };
            })],
        };
        Store.Objects[key] = JsonSerializer.SerializeToUtf8Bytes(manifest, CoreJson.Default.CheckpointManifest);
    }

    private IEnumerable<string> InFolder()
    {
        var folder = Instance.Place("/ckpt");
        return Directory.Exists(folder)
            ? Directory.EnumerateFileSystemEntries(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
                .Select(path => Path.GetRelativePath(folder, path)).Order(StringComparer.Ordinal)
            : [];
    }
}
