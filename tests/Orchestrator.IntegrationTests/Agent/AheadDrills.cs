using System.Text.Json;
using Orchestrator.Checkpoints;
using Orchestrator.IntegrationTests.Support;
using Orchestrator.Json;
using Orchestrator.Protocol;
using Xunit;

namespace Orchestrator.IntegrationTests.Agent;

/// <summary>The real agent while no server is there: what was granted ahead makes its checkpoints durable.</summary>
public sealed class AheadDrills : AgentDrill
{
    private const string Manifest = "jobs/test-01J/e1/a0001/checkpoints/000001/manifest.json";
    private const string Second = "jobs/test-01J/e1/a0001/checkpoints/000002/manifest.json";

    /// <summary>More than there are spare names for before anything was sent.</summary>
    private const string ManyFiles = "for i in $(seq 40); do echo $i > $d/.n/$i; done";
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(5);

    private string Go => Path.Combine(Instance.Home, "go");

    [Fact]
    public async Task Small_and_large_files_are_stored_while_no_server_is_there_and_told_when_one_comes()
    {
        using (var channel = new AgentChannel(Instance, Store))
        {
            await StartAsync(channel, "head -c 70000000 /dev/urandom > $d/.n/large");
        }

        await File.WriteAllTextAsync(Go, "");
        await Eventually.TrueAsync(() => Store.Objects.ContainsKey(Manifest), "a checkpoint without a server", _patience);

        var manifest = JsonSerializer.Deserialize(Store.Objects[Manifest], CoreJson.Default.CheckpointManifest)!;
        Assert.Equal(["step-1/large", "step-1/small"], manifest.Files.Select(file => file.Path));
        Assert.All(manifest.Files, file => Assert.StartsWith(ObjectKeys.CheckpointFiles("jobs/test-01J/e1/a0001/", 1) + "ahead/", file.Key, StringComparison.Ordinal));
        Assert.All(manifest.Files, file => Assert.Equal(file.Hash, AgentDrills.Hash(Store.Objects[file.Key])));
        using var later = new AgentChannel(Instance, Store, epoch: 2);
        Assert.Equal(Manifest, (await later.WaitForAsync<CheckpointStored>()).ManifestKey);
    }

    [Fact]
    public async Task A_question_that_the_server_took_along_is_answered_by_what_is_kept()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using (var channel = new AgentChannel(Instance, AheadOnly(asked)))
        {
            await StartAsync(channel, "true");
            await File.WriteAllTextAsync(Go, "");
            await asked.Task.WaitAsync(_patience);
        }

        await Eventually.TrueAsync(() => Store.Objects.ContainsKey(Manifest), "a checkpoint without a server", _patience);
    }

    [Fact]
    public async Task A_store_that_takes_none_of_them_is_a_pause_and_an_alert_and_training_goes_on()
    {
        using (var channel = new AgentChannel(Instance, Store))
        {
            await StartAsync(channel, "true");
        }

        Store.Refuse = 403;
        await File.WriteAllTextAsync(Go, "");
        await Eventually.TrueAsync(() => !Kept().Contains("manifest.json", StringComparison.Ordinal), "grants that are given up", _patience);

        Store.Refuse = 0;
        using var later = new AgentChannel(Instance, Store, epoch: 2);
        await later.WaitForAsync<CheckpointStored>();
        await later.WaitForAsync<HostProblem>(problem => problem.Words.Contains("(403)", StringComparison.Ordinal));
        Assert.DoesNotContain(later.Events, happened => happened is TrainerEnded or CheckpointDiscarded);
        await Eventually.TrueAsync(() => Kept().Contains("000002/manifest.json", StringComparison.Ordinal), "grants anew", _patience);
    }

    [Theory]
    [InlineData(ManyFiles)]
    [InlineData("truncate -s 4300M $d/.n/large")]
    public async Task What_cannot_be_stored_without_a_server_waits_by_itself_and_a_newer_one_that_can_is_stored(string more)
    {
        using (var channel = new AgentChannel(Instance, Store))
        {
            await StartAsync(channel, "true", After("2", "step-2", more) + After("3", "step-3", "true"));
        }

        await AloneAsync();
        await TellAsync("2");
        await Eventually.TrueAsync(() => Journal().Contains("step-2 waits for the server", StringComparison.Ordinal), "word that it waits", _patience);
        await TellAsync("3");
        await Eventually.TrueAsync(() => Store.Objects.ContainsKey(Second), "the newer checkpoint without a server", _patience);

        Assert.Equal(["step-3/small"], Paths(Second));
        using var later = new AgentChannel(Instance, Store, epoch: 2);
        await later.WaitForAsync<CheckpointStored>(stored => stored is { Entry: "step-3", ManifestKey: Second });
        Assert.DoesNotContain(later.Events, happened => happened is CheckpointStored { Entry: "step-2" } or CheckpointDiscarded);
    }

    [Fact]
    public async Task The_newest_that_had_to_wait_is_stored_when_a_server_comes_and_an_older_one_before()
    {
        using (var channel = new AgentChannel(Instance, Store))
        {
            await StartAsync(channel, "true", After("2", "step-2", "true") + Write("step-3", ManyFiles));
        }

        await AloneAsync();
        await TellAsync("2");
        await Eventually.TrueAsync(() => Journal().Contains("step-3 waits for the server", StringComparison.Ordinal), "word that it waits", _patience);
        await Eventually.TrueAsync(() => Store.Objects.ContainsKey(Second), "the older checkpoint without a server", _patience);

        Assert.Equal(["step-2/small"], Paths(Second));
        using var later = new AgentChannel(Instance, Store, epoch: 2);
        var newest = await later.WaitForAsync<CheckpointStored>(stored => stored.Entry == "step-3");
        Assert.Equal(41, newest.Files);
        Assert.Equal(41, Paths(newest.ManifestKey).Count());
    }

    [Fact]
    public async Task A_manifest_whose_answer_was_lost_with_the_server_is_not_stored_again_under_another_number()
    {
        Store.LosesAnswer = key => key == Manifest;
        var never = new TaskCompletionSource<GrantAnswer>();
        Task<GrantAnswer> Answer(GrantRequest request) => Store.Objects.ContainsKey(Manifest) ? never.Task : Task.FromResult(Answered(request));
        using (var channel = new AgentChannel(Instance, Answer))
        {
            await StartAsync(channel, "true");
            await File.WriteAllTextAsync(Go, "");
            await Eventually.TrueAsync(() => Store.Objects.ContainsKey(Manifest), "a manifest", _patience);
        }

        await Eventually.TrueAsync(() => Store.Taken > 0, "another try without a server", _patience);
        await StoredOnceAsync();
    }

    [Fact]
    public async Task A_manifest_that_arrived_without_a_server_is_not_stored_again_under_another_number_by_the_next_server()
    {
        using (var channel = new AgentChannel(Instance, Store))
        {
            await StartAsync(channel, "true");
        }

        Store.LosesAnswer = key =>
        {
            Store.Refuse = key == Manifest ? 403 : 0;
            return key == Manifest;
        };
        await File.WriteAllTextAsync(Go, "");
        await Eventually.TrueAsync(() => Store.Refuse != 0 && !Kept().Contains("manifest.json", StringComparison.Ordinal), "grants that are given up", _patience);

        Store.Refuse = 0;
        await StoredOnceAsync();
    }

    private async Task StoredOnceAsync()
    {
        using var later = new AgentChannel(Instance, Store, epoch: 2);
        Assert.Equal(Manifest, (await later.WaitForAsync<CheckpointStored>()).ManifestKey);
        Assert.Single(Store.Objects.Keys, key => key.EndsWith("/manifest.json", StringComparison.Ordinal));
        Assert.Single(Store.Objects.Keys, key => key.Contains("/files/", StringComparison.Ordinal));
    }

    /// <summary>A server that grants ahead, and then answers nothing any more.</summary>
    private Func<GrantRequest, Task<GrantAnswer>> AheadOnly(TaskCompletionSource asked)
    {
        var never = new TaskCompletionSource<GrantAnswer>();
        return request =>
        {
            if (request.Wanted[0].Kind == GrantKind.PutAhead)
            {
                return Task.FromResult(Answered(request));
            }

            asked.TrySetResult();
            return never.Task;
        };
    }

    private GrantAnswer Answered(GrantRequest request) => new(request.Id, [.. request.Wanted.Select(Store.Answer)]);

    private IEnumerable<string> Paths(string manifest) =>
        JsonSerializer.Deserialize(Store.Objects[manifest], CoreJson.Default.CheckpointManifest)!.Files.Select(file => file.Path);

    /// <summary>The first checkpoint, and it is stored with what was granted ahead: the agent knows that it is alone.</summary>
    private async Task AloneAsync()
    {
        await File.WriteAllTextAsync(Go, "");
        await Eventually.TrueAsync(() => Store.Objects.ContainsKey(Manifest), "a checkpoint without a server", _patience);
    }

    private Task TellAsync(string word) => File.WriteAllTextAsync(Path.Combine(Instance.Home, word), "");

    /// <summary>Another checkpoint, once the trainer is told the word.</summary>
    private string After(string word, string entry, string more) => $"until test -e {Path.Combine(Instance.Home, word)}; do sleep 0.1; done; {Write(entry, more)}";

    private static string Write(string entry, string more) => $"mkdir $d/.n; echo {entry} > $d/.n/small; {more}; mv $d/.n $d/{entry}; ";

    /// <summary>A trainer that writes one checkpoint once it is told to; and the agent holds all its grants: with few left it spares them.</summary>
    private async Task StartAsync(AgentChannel channel, string more, string then = "")
    {
        var script = $"d=$ORCHESTRATOR_CHECKPOINT_DIR; until test -e {Go}; do sleep 0.1; done; mkdir $d/.n; echo small > $d/.n/small; {more}; mv $d/.n $d/step-1; {then} sleep 6000";
        channel.Command("1", new StartTrainer { Order = Instance.Order(script) });
        await channel.WaitForAsync<TrainerStarted>();
        await Eventually.TrueAsync(() => Kept().Contains("000032/manifest.json", StringComparison.Ordinal), "all the grants that are kept", _patience);
    }

    private string Journal() => File.ReadAllText(Instance.Place("/agent/journal.jsonl"));

    private string Kept() => File.Exists(Instance.Place("/agent/ahead.json")) ? File.ReadAllText(Instance.Place("/agent/ahead.json")) : "";
}
