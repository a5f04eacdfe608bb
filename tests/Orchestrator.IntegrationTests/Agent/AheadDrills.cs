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
        var never = new TaskCompletionSource<GrantAnswer>();
        Task<GrantAnswer> Answer(GrantRequest request)
        {
            if (request.Wanted[0].Kind == GrantKind.PutAhead)
            {
                return Task.FromResult(new GrantAnswer(request.Id, [.. request.Wanted.Select(Store.Answer)]));
            }

            asked.TrySetResult();
            return never.Task;
        }

        using (var channel = new AgentChannel(Instance, Answer))
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

    /// <summary>A trainer that writes one checkpoint once it is told to; and the agent holds grants for it.</summary>
    private async Task StartAsync(AgentChannel channel, string more)
    {
        var script = $"d=$ORCHESTRATOR_CHECKPOINT_DIR; until test -e {Go}; do sleep 0.1; done; mkdir $d/.n; echo small > $d/.n/small; {more}; mv $d/.n $d/step-1; sleep 6000";
        channel.Command("1", new StartTrainer { Order = Instance.Order(script) });
        await channel.WaitForAsync<TrainerStarted>();
        await Eventually.TrueAsync(() => Kept().Contains("000001/manifest.json", StringComparison.Ordinal), "grants that are kept", _patience);
    }

    private string Kept() => File.Exists(Instance.Place("/agent/ahead.json")) ? File.ReadAllText(Instance.Place("/agent/ahead.json")) : "";
}
