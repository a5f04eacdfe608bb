using Orchestrator.Checkpoints;
using Orchestrator.Engine.Specs;
using Orchestrator.Engine.Store;
using Orchestrator.IntegrationTests.Support;
using Orchestrator.Jobs;
using Orchestrator.Planning;
using Orchestrator.Planning.Measuring;
using Orchestrator.Planning.Memory;
using Orchestrator.Protocol;
using Orchestrator.Reconciling;
using Xunit;

namespace Orchestrator.IntegrationTests.Store;

/// <summary>How long work takes, from heartbeats to what the next plan is told.</summary>
[Collection(PostgresCollection.Name)]
public sealed class WorkStoreTests(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    private WorkStore Work => new(database.Source);

    [Fact]
    public async Task A_pace_leaves_out_the_first_rise_and_counts_nothing_below_the_highest_step()
    {
        var spec = Spec("pace");
        var job = await database.ConnectingAsync("pace");
        var channel = await database.ChannelAsync(job);
        await BeatAsync(channel, 0);
        await BeatAsync(channel, 40, 1000);
        Assert.Empty((await Work.OfJobAsync(job, spec, default)).Paces);

        // A minute passes; then an evaluation counts to ten, and training goes on.
        await database.ScalarAsync($"update orchestrator.channels set pace_at = pace_at - interval '60 seconds' where job_id = {job.Value}");
        await BeatAsync(channel, 60, 1000);
        await BeatAsync(channel, 1, 10);
        await BeatAsync(channel, 10, 10);
        await database.ScalarAsync($"update orchestrator.channels set pace_at = pace_at - interval '60 seconds' where job_id = {job.Value}");
        await BeatAsync(channel, 80);

        var pace = Assert.Single((await Work.OfJobAsync(job, spec, default)).Paces);
        Assert.Equal((1, 40d, 80L, 1000L), (pace.Attempt, pace.Steps, pace.Step, pace.Total!.Value));
        Assert.InRange(pace.SecondsPerStep!.Value, 3, 30);
    }

    [Fact]
    public async Task Hostile_steps_are_taken_down_and_believed_by_nobody()
    {
        var job = await database.ConnectingAsync("hostile");
        var channel = await database.ChannelAsync(job);
        foreach (var step in (long[])[0, 1, long.MaxValue, long.MinValue, long.MaxValue, 3])
        {
            await BeatAsync(channel, step, long.MaxValue);
        }

        Assert.Null(Assert.Single((await Work.OfJobAsync(job, Spec("hostile"), default)).Paces).SecondsPerStep);
    }

    [Fact]
    public async Task A_job_that_succeeds_and_a_rehearsal_tell_later_jobs_of_the_same_work_how_long_it_takes()
    {
        var spec = Spec("same");
        Assert.Empty((await Work.OfSpecAsync(spec, default)).Earlier);
        var job = await RunAsync("same", spec);

        var earlier = Assert.Single((await Work.OfSpecAsync(spec with { Name = "other" }, default)).Earlier);
        Assert.Equal((WorkSource.ImageHistory, $"same {job}", TimeSpan.FromHours(2), new ByteSize(77)), (earlier.Source, earlier.Name, earlier.Work, earlier.Checkpoint!.Value));
        Assert.Empty((await Work.OfSpecAsync(spec with { Run = "something else" }, default)).Earlier);

        var rehearsed = new WorkMeasured
        {
            Source = WorkSource.Rehearsal, Name = "r-31", At = new DateTimeOffset(2026, 11, 20, 0, 0, 0, TimeSpan.Zero), Gpu = "RTX 4090", GpuCount = 1, Work = TimeSpan.FromSeconds(7392),
            SecondsPerStep = 1.54, TotalSteps = 4800, Checkpoint = new ByteSize(130_000_000), Boot = TimeSpan.FromSeconds(128), Stage = TimeSpan.FromSeconds(40),
        };
        await Work.AddRehearsalAsync(spec, rehearsed, default);

        Assert.Equal([WorkSource.Rehearsal, WorkSource.ImageHistory], (await Work.OfSpecAsync(spec, default)).Earlier.Select(one => one.Source).OrderDescending());
        Assert.Contains(rehearsed, (await Work.OfSpecAsync(spec, default)).Earlier);
        Assert.Equal("rehearsal r-31, 20 Nov: 4,800 steps x 1.54 s", PlanRequests.Of(spec, await Work.OfSpecAsync(spec, default), DateTimeOffset.UtcNow).Work!.Words);
    }

    [Fact]
    public async Task A_job_without_a_spec_that_can_be_read_ends_all_the_same()
    {
        var job = await database.SubmitAsync("no-spec");
        var lease = await database.LeaseAsync(job);

        Assert.True(await database.AppendAsync(lease, [new JobEnded(JobPhase.Succeeded) { At = lease.Now, Why = "done" }]));
    }

    [Fact]
    public async Task Scores_that_were_seen_become_usual_slowly()
    {
        var memory = new MarketMemoryStore(database.Source, TimeProvider.System);
        await memory.RecordScoresAsync([new UsualScore("vast", "RTX 4090", 100)], default);
        await memory.RecordScoresAsync([new UsualScore("vast", "RTX 4090", 200)], default);

        var usual = Assert.Single((await memory.LoadAsync(DateTimeOffset.UtcNow, default)).UsualScores, score => score.Gpu == "RTX 4090");
        Assert.InRange(usual.PerCard, 101, 110);
    }

    private Task BeatAsync(ChannelLease channel, long step, long? total = null) =>
        database.Agents.HeardAsync(channel, new Heartbeat { Step = step, TotalSteps = total }, default);

    private static JobSpec Spec(string run) => new() { Name = run, Run = "train " + run };

    /// <summary>One attempt that trains for two hours and makes a checkpoint of 77 bytes.</summary>
    private async Task<JobId> RunAsync(string name, JobSpec spec)
    {
        var job = await database.SubmitAsync(name, spec: spec);
        var lease = await database.LeaseAsync(job);
        var checkpoint = new CheckpointRef { Attempt = 1, Ordinal = 1, ManifestKey = "k-" + name, Entry = "e", Step = 3, Bytes = 77 };
        Assert.True(await database.AppendAsync(lease,
        [
            .. StoreDatabase.Planned(job, lease.Now),
            .. StoreDatabase.Found(lease.Now),
            new TrainingStarted(1) { At = lease.Now, Why = "trains" },
            new CheckpointCommitted(checkpoint, false) { At = lease.Now, Why = "verified" },
            new TrainerExited(1, 0, null) { At = lease.Now.AddHours(2), Why = "done" },
            new JobEnded(JobPhase.Succeeded) { At = lease.Now.AddHours(2), Why = "done" },
        ]));
        return job;
    }
}
