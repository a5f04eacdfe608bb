using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;
using Orchestrator.Engine;
using Orchestrator.Engine.Messages;
using Orchestrator.Engine.Messages.Channels;
using Orchestrator.Engine.Security;
using Orchestrator.Engine.Store;
using Orchestrator.IntegrationTests.Store;
using Orchestrator.IntegrationTests.Support;
using Orchestrator.Jobs;
using Orchestrator.Reconciling;
using Xunit;

namespace Orchestrator.IntegrationTests.Messages;

[Collection(PostgresCollection.Name)]
public sealed class MessageTests(PostgresFixture postgres) : IAsyncLifetime
{
    private static readonly TokenReader _tokens = new((_, _) => Task.FromResult<string?>("signed-by"), _ => null);

    private readonly StoreDatabase _database = new(postgres);
    private readonly MessageReceiver _receiver = new();

    public async Task InitializeAsync()
    {
        await _database.InitializeAsync();
        await _receiver.InitializeAsync();
    }

    public async Task DisposeAsync()
    {
        await _receiver.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task The_end_of_a_job_is_told_once_however_many_servers_look()
    {
        var set = Set(Hook("ops"));
        var job = await EndedAsync(JobPhase.Failed);
        await EndedAsync(JobPhase.Cancelled);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Watch(set).LookAsync(default)));
        await Watch(set).LookAsync(default);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => CarryAllAsync(set)));

        var told = Assert.Single(_receiver.Received);
        Assert.Equal(($"job {job} failed", "fail", job.Value), ((string?)told.Body["title"], (string?)told.Body["topic"], (long?)told.Body["job"]));
        Assert.StartsWith("it broke\n", (string?)told.Body["text"], StringComparison.Ordinal);
        Assert.Matches("^t=[0-9]+,v1=[0-9a-f]{64}$", told.Signature);
    }

    [Fact]
    public async Task What_happened_before_there_was_a_channel_is_not_told_and_what_happens_after_is()
    {
        await EndedAsync(JobPhase.Failed);
        await Watch(Set()).LookAsync(default);
        // As if that had been long ago: events of the last minutes are looked at again, for transactions that commit late.
        await _database.ScalarAsync("update orchestrator.job_events set at = at - interval '1 hour'");
        var set = Set(Hook("ops"));
        await Watch(set).LookAsync(default);
        var job = await EndedAsync(JobPhase.Succeeded);
        await Watch(set).LookAsync(default);
        await CarryAllAsync(set);

        Assert.Equal($"job {job} is done", (string?)Assert.Single(_receiver.Received).Body["title"]);
    }

    [Fact]
    public async Task A_receiver_that_is_down_gets_it_later_and_a_person_is_told_through_another_channel()
    {
        var set = Set(Hook("ops", "/down"), Hook("phone"));
        var (courier, alerts) = (Courier(set), new AlertStore(_database.Source));
        _receiver.Fails = "/down";
        await EndedAsync(JobPhase.Failed);
        await Watch(set).LookAsync(default);
        for (var tries = 1; tries <= 3; tries++)
        {
            Assert.False(await courier.CarryOneAsync(set.Find("ops")!, default));
            // Not before its pause is over.
            Assert.False(await courier.CarryOneAsync(set.Find("ops")!, default));
            Assert.Equal(tries, _receiver.Tries("/down"));
            await _database.ScalarAsync("update orchestrator.deliveries set due_at = now() where channel = 'ops'");
        }

        Assert.Contains("127.0.0.1 answers 503", Assert.Single(await alerts.ListAsync(resolved: false, default)).Text, StringComparison.Ordinal);
        Assert.Contains("503", (await new MessageStore(_database.Source).TroublesAsync(default))["ops"], StringComparison.Ordinal);
        await Watch(set).LookAsync(default);
        await CarryAllAsync(set, "phone");
        Assert.Equal(["fail", "attention"], _receiver.Received.Select(one => (string?)one.Body["topic"]));

        _receiver.Fails = null;
        await CarryAllAsync(set, "ops");
        Assert.Equal(3, _receiver.Received.Count);
        Assert.Empty(await alerts.ListAsync(resolved: false, default));
        Assert.Empty(await new MessageStore(_database.Source).TroublesAsync(default));
    }

    [Fact]
    public async Task What_a_server_had_in_its_hands_when_it_died_is_sent_by_the_next()
    {
        var set = Set(Hook("ops"));
        await EndedAsync(JobPhase.Succeeded);
        await Watch(set).LookAsync(default);
        var store = new MessageStore(_database.Source);
        var held = await store.ClaimAsync("ops", TimeSpan.FromMinutes(1), default);
        Assert.Null(await store.ClaimAsync("ops", TimeSpan.FromMinutes(1), default));
        await _database.ScalarAsync("update orchestrator.deliveries set due_at = now() - interval '1 s'");
        await CarryAllAsync(set);

        Assert.Equal(held!.Id, (long?)Assert.Single(_receiver.Received).Body["id"]);
    }

    [Fact]
    public async Task A_job_that_is_not_back_is_told_once_for_each_interruption()
    {
        var set = Set(Hook("ops") with { On = [NotifyTopics.Interrupted, NotifyTopics.Start] });
        var job = await _database.SubmitAsync();
        var lease = await _database.LeaseAsync(job);
        Assert.True(await _database.AppendAsync(lease, [.. StoreDatabase.Planned(job, lease.Now), .. StoreDatabase.Found(lease.Now), new TrainingStarted(1) { At = lease.Now, Why = "it trains" }]));
        Assert.True(await _database.AppendAsync(lease, [new AttemptEnding(1, Attempts.EndReason.InstanceGone, null) { At = lease.Now, Why = "outbid" }, new AttemptEnded(1, Attempts.EndReason.InstanceGone, Money.Zero, true) { At = lease.Now, Why = "outbid" }]));
        await Watch(set).LookAsync(default);
        await _database.ScalarAsync("update orchestrator.attempts set ended_at = ended_at - interval '16 minutes'");
        await Watch(set).LookAsync(default);
        await Watch(set).LookAsync(default);
        await CarryAllAsync(set);

        Assert.Equal(["start", "interrupted"], _receiver.Received.Select(one => (string?)one.Body["topic"]));
        Assert.StartsWith("outbid", (string?)_receiver.Received[1].Body["text"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_that_a_person_paused_is_no_interruption_once_it_is_resumed()
    {
        var set = Set(Hook("ops") with { On = [NotifyTopics.Interrupted] });
        var job = await _database.SubmitAsync();
        var lease = await _database.LeaseAsync(job);
        Assert.True(await _database.AppendAsync(lease, [.. StoreDatabase.Planned(job, lease.Now), .. StoreDatabase.Found(lease.Now), new TrainingStarted(1) { At = lease.Now, Why = "it trains" }]));
        Assert.True(await _database.AppendAsync(lease, [new AttemptEnding(1, Attempts.EndReason.Paused, null) { At = lease.Now, Why = "paused by ada" }, new AttemptEnded(1, Attempts.EndReason.Paused, Money.Zero, false) { At = lease.Now, Why = "paused by ada" }]));
        await _database.ScalarAsync("update orchestrator.attempts set ended_at = ended_at - interval '2 hours'");

        Assert.Empty(await new MessageStore(_database.Source).AwayAsync(TimeSpan.FromMinutes(15), default));
        await Watch(set).LookAsync(default);
        Assert.Equal(0L, await _database.ScalarAsync("select count(*) from orchestrator.deliveries"));
    }

    [Fact]
    public async Task What_is_told_to_nobody_hides_nothing_that_comes_after_it()
    {
        var set = Set(Hook("ops"));
        var store = new MessageStore(_database.Source);
        for (var i = 0; i < 3; i++)
        {
            await EndedAsync(JobPhase.Cancelled);
        }

        var unreadable = await EndedAsync(JobPhase.Failed);
        await _database.ScalarAsync($"update orchestrator.job_events set body = '{{\"kind\":\"of-a-later-release.9\"}}'::json where job_id = {unreadable.Value} and kind = 'job-ended.1'");
        Assert.Equal(4, (await store.UntoldAsync(10, default)).Count);
        await Watch(set).LookAsync(default);
        Assert.Empty(await store.UntoldAsync(1, default));

        var job = await EndedAsync(JobPhase.Failed);
        await Watch(set).LookAsync(default);
        await CarryAllAsync(set);
        Assert.Equal(job.Value, (long?)Assert.Single(_receiver.Received).Body["job"]);
    }

    [Fact]
    public async Task An_alert_that_comes_and_goes_is_told_once_in_an_hour()
    {
        var set = Set(Hook("ops"));
        var alerts = new AlertStore(_database.Source);
        for (var times = 0; times < 3; times++)
        {
            await alerts.RaiseAsync(AlertKinds.Balance, "vast", "the balance of $1 lasts 2 h", default);
            await Watch(set).LookAsync(default);
            await alerts.ResolveAsync(AlertKinds.Balance, "vast", default);
        }

        await _database.ScalarAsync("update orchestrator.messages set at = at - interval '2 hours'");
        await alerts.RaiseAsync(AlertKinds.Balance, "vast", "the balance of $1 lasts 1 h", default);
        await Watch(set).LookAsync(default);
        await CarryAllAsync(set);

        Assert.Equal(["the balance of $1 lasts 2 h", "the balance of $1 lasts 1 h"], _receiver.Received.Select(one => (string?)one.Body["title"]));
    }

    [Fact]
    public async Task The_same_worry_of_all_jobs_of_a_batch_is_told_once_a_day()
    {
        var set = Set(Hook("ops"));
        var alerts = new AlertStore(_database.Source);
        var batch = (long)(await _database.ScalarAsync("insert into orchestrator.batches (name, owner) values ('sweep', 'ada') returning id"))!;
        foreach (var number in (int[])[1, 2])
        {
            var job = await _database.Jobs.SubmitAsync(
                new NewJob
                {
                    Name = $"sweep-{number}", Owner = "ada", SpecYaml = "", SpecJson = "{}", Terms = new JobTerms { Batch = new("sweep", SharesBudget: false, null) }, Labels = ImmutableSortedDictionary<string, string>.Empty, Epoch = StoreDatabase.Epoch,
                }, default);
            await _database.ScalarAsync($"update orchestrator.jobs set batch_id = {batch}, batch_number = {number}, cell = 'lr={number}' where id = {job.Value}");
            await alerts.RaiseAsync(AlertKinds.Deadline, job.ToString(), $"sweep-{number}{job} may miss its deadline", default);
            await Watch(set).LookAsync(default);
        }

        await CarryAllAsync(set);
        var told = Assert.Single(_receiver.Received);
        Assert.Equal(("deadline", "lr=1\nsweep-1#"), ((string?)told.Body["topic"], ((string?)told.Body["text"])![..13]));
        Assert.EndsWith("whole batch: orchestrator batch sweep", (string?)told.Body["text"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_whose_state_cannot_be_read_keeps_nobody_from_hearing_of_the_others()
    {
        var set = Set(Hook("ops"));
        var broken = await EndedAsync(JobPhase.Failed);
        await _database.ScalarAsync($"update orchestrator.jobs set state = '[]'::json where id = {broken.Value}");
        var job = await EndedAsync(JobPhase.Failed);
        await Watch(set).LookAsync(default);
        await CarryAllAsync(set);

        Assert.Equal(job.Value, (long?)Assert.Single(_receiver.Received).Body["job"]);
    }

    private async Task<JobId> EndedAsync(JobPhase phase)
    {
        var job = await _database.SubmitAsync();
        var lease = await _database.LeaseAsync(job);
        Assert.True(await _database.AppendAsync(lease, [new JobEnded(phase) { At = lease.Now, Why = "it broke" }]));
        return job;
    }

    private ChannelEntry Hook(string name, string path = "/hook") => new(name, new ChannelWay.Webhook(new(_receiver.Url, path), new TokenSource.FromSecret("key")));

    private static ChannelSet Set(params ImmutableArray<ChannelEntry> entries) => new(entries, TimeZoneInfo.Utc);

    private MessageWatch Watch(ChannelSet set) => new(
        new MessageStore(_database.Source), _database.Jobs, _database.Queries, _database.Agents, set, new EngineOptions { ServerId = "s", Connection = _database.ConnectionString }, NullLogger<MessageWatch>.Instance);

    private Courier Courier(ChannelSet set) => new(
        new MessageStore(_database.Source), new AlertStore(_database.Source), set, new MessageSender(_tokens, TimeProvider.System), new EngineOptions { ServerId = "s", Connection = _database.ConnectionString },
        TimeProvider.System, NullLogger<Courier>.Instance);

    private async Task CarryAllAsync(ChannelSet set, string? only = null)
    {
        foreach (var channel in set.Entries.Where(entry => only is null || entry.Name == only))
        {
            while (await Courier(set).CarryOneAsync(channel, default))
            {
            }
        }
    }
}
