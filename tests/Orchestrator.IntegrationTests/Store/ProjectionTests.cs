using System.Collections.Immutable;
using Orchestrator.Attempts;
using Orchestrator.Checkpoints;
using Orchestrator.Engine.Store;
using Orchestrator.Engine.Store.Views;
using Orchestrator.IntegrationTests.Support;
using Orchestrator.Jobs;
using Orchestrator.Protocol;
using Orchestrator.Reconciling;
using Xunit;

namespace Orchestrator.IntegrationTests.Store;

[Collection(PostgresCollection.Name)]
public sealed class ProjectionTests(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    [Fact]
    public async Task Stored_events_fold_to_the_stored_state()
    {
        var job = await database.ConnectingAsync();

        var history = await database.Queries.HistoryAsync(job, default);

        var folded = history.Aggregate(new JobState(), Kernel.Apply);
        var stored = (await database.Jobs.LoadAsync(job, default)).State;
        Assert.Equal(System.Text.Json.JsonSerializer.Serialize(stored), System.Text.Json.JsonSerializer.Serialize(folded));
        Assert.Equal(6, stored.Seq);
    }

    [Fact]
    public async Task Events_come_page_by_page_with_kind_and_reason()
    {
        var job = await database.ConnectingAsync();

        var page = await database.Queries.EventsAsync(job, 1, 2, default);

        Assert.Equal(["attempt-planned.1", "launch-sent.1"], page.Select(line => line.Kind));
        Assert.Equal([2L, 3L], page.Select(line => line.Seq));
        Assert.Equal("planned", page[0].Why);
    }

    [Fact]
    public async Task A_tick_record_is_read_back_as_it_was_written()
    {
        var job = await database.SubmitAsync();
        var lease = await database.LeaseAsync(job);
        var before = (await database.Jobs.LoadAsync(job, default)).State;
        var events = StoreDatabase.Planned(job, lease.Now);
        var record = new TickRecord
        {
            SeqBefore = before.Seq,
            Now = lease.Now,
            Policies = new Policies { Settling = TimeSpan.FromSeconds(7) },
            Observation = new Observation { Inbox = [new CancelCommand("a\0da \uD83D\uDE00") { Id = 3 }] },
            Events = events,
        };
        Assert.Equal(AppendResult.Committed, await database.Jobs.AppendAsync(lease, before, events.Aggregate(before, Kernel.Apply), events, record, [], default));

        var read = new List<TickRecord>();
        await foreach (var tick in database.Queries.TicksAsync(job, default))
        {
            read.Add(tick);
        }

        Assert.Equal(System.Text.Json.JsonSerializer.Serialize(record), System.Text.Json.JsonSerializer.Serialize(Assert.Single(read)));
    }

    [Fact]
    public async Task An_append_that_fails_in_its_last_statement_leaves_nothing_behind()
    {
        var job = await database.SubmitAsync();
        var lease = await database.LeaseAsync(job);
        var before = (await database.Jobs.LoadAsync(job, default)).State;
        var events = StoreDatabase.Planned(job, lease.Now);
        await database.ScalarAsync($"insert into orchestrator.ticks (job_id, seq_before, at, record) values ({job.Value}, {before.Seq}, now(), '{{}}')");
        var record = new TickRecord { SeqBefore = before.Seq, Now = lease.Now, Policies = new(), Observation = new(), Events = events };

        await Assert.ThrowsAsync<Npgsql.PostgresException>(
            () => database.Jobs.AppendAsync(lease, before, events.Aggregate(before, Kernel.Apply), events, record, [], default));

        Assert.Equal(1, (await database.Jobs.LoadAsync(job, default)).State.Seq);
        Assert.Single(await database.Queries.EventsAsync(job, 0, 100, default));
        Assert.Equal(0L, await database.ScalarAsync($"select count(*) from orchestrator.attempts where job_id = {job.Value}"));
    }

    [Fact]
    public async Task Attempts_and_instances_follow_the_state()
    {
        var job = await database.ConnectingAsync();
        Assert.Equal(true, await database.ScalarAsync($"select wants_channel from orchestrator.attempts where job_id = {job.Value}"));
        Assert.Equal("i-1", await database.ScalarAsync($"select instance_id from orchestrator.instances where job_id = {job.Value} and destroyed_at is null and not extra and rank = 0"));

        var lease = await database.LeaseAsync(job);
        Assert.True(await database.AppendAsync(lease, [new ExtraInstanceFound(1, "i-2") { At = lease.Now, Why = "two" }]));
        Assert.Equal(1L, await database.ScalarAsync($"select count(*) from orchestrator.instances where job_id = {job.Value} and extra and destroyed_at is null"));

        Assert.True(await database.AppendAsync(lease, [new ExtraInstanceGone(1, "i-2") { At = lease.Now, Why = "gone" }]));
        Assert.Equal(0L, await database.ScalarAsync($"select count(*) from orchestrator.instances where job_id = {job.Value} and extra and destroyed_at is null"));
    }

    [Fact]
    public async Task An_ended_attempt_is_in_the_ledger_and_in_its_hosts_record_and_wants_no_channel()
    {
        var host = "host-" + Guid.NewGuid();
        var job = await database.ConnectingAsync(host: host);
        var lease = await database.LeaseAsync(job);
        var at = lease.Now;
        Assert.True(await database.AppendAsync(
            lease,
            [
                new AttemptEnding(1, EndReason.HostSilent, null) { At = at, Why = "silent" },
                new PhaseEntered(1, AttemptPhase.Terminating) { At = at, Why = "destroying" },
                new DestroyAccepted(1) { At = at, Why = "accepted" },
                new AttemptEnded(1, EndReason.HostSilent, Money.FromDollars(0.25m), true) { At = at, Why = "lost" },
            ]));

        Assert.Equal(250_000L, await database.ScalarAsync($"select amount_micros from orchestrator.ledger where job_id = {job.Value}"));
        Assert.Equal(1L, await database.ScalarAsync($"select interruptions from orchestrator.hosts where provider = 'local' and host = '{host}' and never_ready = 1"));
        Assert.Equal(false, await database.ScalarAsync($"select wants_channel from orchestrator.attempts where job_id = {job.Value}"));
        Assert.Equal(0L, await database.ScalarAsync($"select count(*) from orchestrator.instances where job_id = {job.Value} and destroyed_at is null"));
    }

    [Fact]
    public async Task Checkpoints_are_indexed_from_report_to_deletion()
    {
        var job = await database.ConnectingAsync();
        var lease = await database.LeaseAsync(job);
        var (one, two) = (Checkpoint(job, 1), Checkpoint(job, 2));
        Assert.True(await database.AppendAsync(lease, [new CheckpointReported(one) { At = lease.Now, Why = "reported" }, new CheckpointReported(two) { At = lease.Now, Why = "reported" }]));
        Assert.Equal(["reported", "reported"], (await database.Queries.CheckpointsAsync(job, default)).Select(view => view.Status));

        Assert.True(await database.AppendAsync(lease, [new CheckpointCommitted(one, false) { At = lease.Now, Why = "verified" }, new CheckpointRejected(two.ManifestKey) { At = lease.Now, Why = "half of it is missing" }]));
        var detail = (await database.Queries.ShowAsync(job, default))!;
        Assert.Equal(["verified", "rejected"], detail.Checkpoints.Select(view => view.Status));
        Assert.Equal(100, detail.Job.LastCheckpoint!.Step);
        Assert.Equal("half of it is missing", detail.Checkpoints[1].Why);

        Assert.True(await database.AppendAsync(lease, [new CheckpointRetired(one, null) { At = lease.Now, Why = "keep 1" }, new CheckpointDeleted(one.ManifestKey) { At = lease.Now, Why = "deleted" }]));
        Assert.Equal(["deleted", "rejected"], (await database.Queries.CheckpointsAsync(job, default)).Select(view => view.Status));
    }

    [Fact]
    public async Task A_key_that_a_host_made_up_cannot_touch_another_jobs_row()
    {
        var (victim, thief) = (await database.ConnectingAsync(), await database.ConnectingAsync());
        var stolen = Checkpoint(victim, 1);
        var lease = await database.LeaseAsync(victim);
        Assert.True(await database.AppendAsync(lease, [new CheckpointReported(stolen) { At = lease.Now, Why = "reported" }, new CheckpointCommitted(stolen, false) { At = lease.Now, Why = "verified" }]));
        var other = await database.LeaseAsync(thief);

        Assert.True(await database.AppendAsync(other, [new CheckpointReported(stolen with { Bytes = 1 }) { At = other.Now, Why = "mine" }, new CheckpointRejected(stolen.ManifestKey) { At = other.Now, Why = "no" }]));

        var view = Assert.Single(await database.Queries.CheckpointsAsync(victim, default));
        Assert.Equal(("verified", 10L), (view.Status, view.Bytes));
    }

    [Fact]
    public async Task A_job_shows_its_channel_its_progress_and_where_its_outputs_lie()
    {
        var job = await database.ConnectingAsync("shown");
        var channel = await database.ChannelAsync(job, "server-7");
        Assert.Null((await database.Queries.ShowAsync(job, default))!.Attempts[0].AgentMinor);
        await database.Agents.GreetedAsync(channel, 3, default);
        await database.Agents.HeardAsync(
            channel,
            new Heartbeat { Trainer = TrainerStatus.Running, Step = 40, TotalSteps = 200, Metrics = ImmutableSortedDictionary<string, double>.Empty.Add("loss", 0.5).Add("bad", double.NaN) },
            default);

        var detail = (await database.Queries.ShowAsync(job, default))!;

        var attempt = Assert.Single(detail.Attempts);
        Assert.Equal(3, attempt.AgentMinor);
        Assert.Equal(("server-7", true, "Running"), (attempt.ChannelOwner, attempt.Connected, attempt.Trainer));
        Assert.Equal((40L, 200L), (detail.Job.Progress!.Step, detail.Job.Progress.TotalSteps));
        Assert.Equal(0.5, Assert.Single(detail.Job.Progress.Metrics).Value);
        Assert.Equal($"jobs/shown-{job.Value}/{StoreDatabase.Epoch}/a0001/outputs/", detail.OutputsPrefix);
        Assert.Equal(Money.FromDollars(1), detail.Job.PricePerHour);
        Assert.True(detail.Job.Cost > Money.Zero);
        Assert.Equal("name: shown\n", detail.SpecYaml);
        Assert.Null(await database.Queries.ShowAsync(new JobId(long.MaxValue), default));
    }

    [Fact]
    public async Task Lists_filter_by_label_by_time_and_by_age()
    {
        var red = await database.SubmitAsync("red", ImmutableSortedDictionary<string, string>.Empty.Add("colour", "red"));
        var blue = await database.SubmitAsync("blue", ImmutableSortedDictionary<string, string>.Empty.Add("colour", "blue"));
        await database.ScalarAsync($"update orchestrator.jobs set ended_at = now() - interval '10 days' where id = {blue.Value}");

        Assert.Equal([red.Value], await IdsAsync(new JobFilter { Label = "colour=red", All = true }));
        Assert.Equal([blue.Value, red.Value], await IdsAsync(new JobFilter { Label = "colour", All = true }));
        Assert.Equal([red.Value], await IdsAsync(new JobFilter { Label = "colour" }));
        Assert.Empty(await IdsAsync(new JobFilter { Label = "colour", Since = await database.Jobs.NowAsync(default) }));
    }

    private async Task<IEnumerable<long>> IdsAsync(JobFilter filter) => (await database.Queries.ListAsync(filter, default)).Select(job => job.Id);

    private static CheckpointRef Checkpoint(JobId job, int ordinal) => new()
    {
        Attempt = 1,
        Ordinal = ordinal,
        ManifestKey = $"jobs/job-{job.Value}/a0001/{ordinal}",
        Entry = $"step-{ordinal}",
        Step = ordinal * 100,
        Bytes = 10,
    };
}
