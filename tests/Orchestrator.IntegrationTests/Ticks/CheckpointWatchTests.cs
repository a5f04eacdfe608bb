using Microsoft.Extensions.Logging.Abstractions;
using Orchestrator.Attempts;
using Orchestrator.Engine.Messages;
using Orchestrator.Engine.Store;
using Orchestrator.Engine.Ticks;
using Orchestrator.IntegrationTests.Store;
using Orchestrator.IntegrationTests.Support;
using Orchestrator.Jobs;
using Orchestrator.Reconciling;
using Xunit;

namespace Orchestrator.IntegrationTests.Ticks;

[Collection(PostgresCollection.Name)]
public sealed class CheckpointWatchTests(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    private readonly HandClock _time = new();

    [Fact]
    public async Task A_gap_is_told_once_and_ends_with_the_next_checkpoint()
    {
        var checkpoints = new CheckpointSpec { Path = "/ckpt", Include = ["*"], Complete = new CompletionRule { Kind = CompletionKind.Rename }, MaxAgeAlert = TimeSpan.FromMinutes(20) };
        var job = await database.SubmitAsync("long", spec: new JobSpec { Name = "long", Resources = new ResourceRequest { Gpu = [] }, Checkpoints = checkpoints });
        var lease = await database.LeaseAsync(job);
        var began = lease.Now.AddMinutes(-30);
        Assert.True(await database.AppendAsync(lease, [.. StoreDatabase.Planned(job, began), .. StoreDatabase.Found(began), new PhaseEntered(1, AttemptPhase.Running) { At = began, Why = "staged" }, new TrainingStarted(1) { At = began, Why = "it trains" }]));
        await database.Jobs.ReleaseAsync(lease, null, default);
        await database.ChannelAsync(job);
        var alerts = new AlertStore(database.Source);
        var watch = new CheckpointWatch(new TrainingJobs(database.Source), alerts, _time, NullLogger<CheckpointWatch>.Instance);

        // Nobody has heard yet what it stored while nobody listened.
        await LookAsync(watch);
        Assert.Empty(await alerts.ListAsync(resolved: true, default));

        await database.ScalarAsync("update orchestrator.channels set connected = true, last_heard_at = now(), listening_since = now() - interval '10 minutes'");
        await LookAsync(watch);
        await LookAsync(watch);
        var told = Assert.Single(await new MessageStore(database.Source).AlertsAsync(default));
        Assert.Equal((job, NotifyTopics.CheckpointAge), (AlertMessages.JobOf(told), AlertMessages.Of(told, job, null).Topic));

        await database.ScalarAsync($"insert into orchestrator.checkpoints (job_id, manifest_key, attempt, ordinal, entry, bytes, status, why, reported_at, at) values ({job.Value}, 'k', 1, 1, 'step-1', 1, 'verified', '', now(), now())");
        await LookAsync(watch);
        Assert.Empty(await alerts.ListAsync(resolved: false, default));
    }

    private Task LookAsync(CheckpointWatch watch)
    {
        _time.Now += TimeSpan.FromMinutes(2);
        return watch.LookAsync(default);
    }
}
