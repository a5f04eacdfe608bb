using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;
using Orchestrator.Attempts;
using Orchestrator.Engine;
using Orchestrator.Engine.Messages;
using Orchestrator.Engine.Messages.Channels;
using Orchestrator.Engine.Observing;
using Orchestrator.Engine.Reports;
using Orchestrator.Engine.Security;
using Orchestrator.Engine.Store;
using Orchestrator.Engine.Ticks;
using Orchestrator.IntegrationTests.Store;
using Orchestrator.IntegrationTests.Support;
using Orchestrator.Jobs;
using Orchestrator.Reconciling;
using Orchestrator.Server.Desk;
using Xunit;

namespace Orchestrator.IntegrationTests.Ticks;

[Collection(PostgresCollection.Name)]
public sealed class ReportTests(PostgresFixture postgres) : IAsyncLifetime
{
    private readonly StoreDatabase _database = new(postgres);
    private readonly ProviderSet _providers = new([new BilledAccount()]);

    public Task InitializeAsync() => _database.InitializeAsync();

    public Task DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task A_report_says_what_the_books_say_to_the_micro_dollar()
    {
        var now = await _database.Jobs.NowAsync(default);
        var cut = await TrainedAsync("cut", TimeSpan.FromHours(5), TimeSpan.FromHours(2), EndReason.InstanceGone);
        var done = await TrainedAsync("done", TimeSpan.FromHours(9), TimeSpan.FromHours(1), EndReason.Succeeded);
        await new MeterWatch(Ledger, _providers, _database.Jobs, NullLogger<MeterWatch>.Instance).FreezeAsync(default);

        var first = await ReportAsync(now.AddDays(-9), now.AddHours(-3));
        var second = await ReportAsync(now.AddHours(-3), null);

        var books = await new EngineCostDesk(Ledger, new OrphanStore(_database.Source), _database.Jobs, _providers).AskAsync(null, null, default);
        Assert.True(first.Spent.Total > Money.Zero && second.Spent.Total > Money.Zero);
        Assert.Equal(books.Total.Total, (first.Spent.Total + second.Spent.Total).Dollars);
        Assert.Equal(books.Jobs.ToDictionary(job => job.Id, job => job.Cost.Total), second.Jobs.ToDictionary(job => job.Id.Value, job => job.Spent.Total.Dollars + first.Jobs.Single(one => one.Id == job.Id).Spent.Total.Dollars));

        // At the end of the first period both trained, whatever became of them since.
        Assert.Equal((2, 0, 0), (first.Count(JobPhase.Active), first.Count(JobPhase.Succeeded), first.Interruptions.Count));
        Assert.Equal((1, 1), (second.Count(JobPhase.Succeeded), second.Interruptions.Count));
        // From the first step to the cut nothing was saved.
        Assert.InRange(second.Interruptions.Lost.TotalMinutes, 179, 181);
        Assert.Equal((cut, done), (second.Jobs[0].Id, second.Jobs[1].Id));
        Assert.Equal(["local"], first.Providers.Select(share => share.Provider));
    }

    [Fact]
    public async Task The_message_of_the_week_is_stored_once_however_many_servers_look_and_only_where_something_ran()
    {
        var set = new ChannelSet([new("ops", new ChannelWay.Webhook(new("http://localhost:9/"), new TokenSource.FromSecret("key")))], TimeZoneInfo.Utc);
        await Watch(set, await NowAsync()).LookAsync(default);
        Assert.Equal(("1", "0"), await StoredAsync());

        await _database.ScalarAsync("delete from orchestrator.messages");
        await _database.SubmitAsync("waits");
        await _database.ScalarAsync("update orchestrator.jobs set submitted_at = now() - interval '8 days'; update orchestrator.job_events set at = now() - interval '8 days'");
        var time = await NowAsync();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Watch(set, time).LookAsync(default)));

        Assert.Equal(("1", "1"), await StoredAsync());
        Assert.Equal("report: the weekend: 0 done, 0 failed, $0.00 spent", await _database.ScalarAsync("select topic || ': ' || title from orchestrator.messages"));
    }

    private LedgerStore Ledger => new(_database.Source);

    private ReportReader Reader => new(
        new ReportStore(_database.Source), Ledger, new OrphanStore(_database.Source), new PriceStore(_database.Source), new HostBanStore(_database.Source), new AlertStore(_database.Source), _database.Jobs, _providers);

    private Task<Report> ReportAsync(DateTimeOffset from, DateTimeOffset? to) => Reader.ReportAsync(now => new ReportPeriod(from, to ?? now), default);

    private ReportWatch Watch(ChannelSet set, ReportTime time) => new(
        new MessageStore(_database.Source), Reader, _database.Jobs, set, time, TimeZoneInfo.Utc, new EngineOptions { ServerId = "s", Connection = _database.ConnectionString }, NullLogger<ReportWatch>.Instance);

    /// <summary>The hour of the week that has just come.</summary>
    private async Task<ReportTime> NowAsync()
    {
        var at = (await _database.Jobs.NowAsync(default)).AddMinutes(-1).UtcDateTime;
        return new(at.DayOfWeek, new(at.Hour, at.Minute));
    }

    private async Task<(string Messages, string Deliveries)> StoredAsync() => (
        (await _database.ScalarAsync("select count(*)::text from orchestrator.messages"))!.ToString()!, (await _database.ScalarAsync("select count(*)::text from orchestrator.deliveries"))!.ToString()!);

    /// <summary>A job that trained from then to then.</summary>
    private async Task<JobId> TrainedAsync(string name, TimeSpan from, TimeSpan to, EndReason reason)
    {
        var job = await _database.SubmitAsync(name);
        var lease = await _database.LeaseAsync(job);
        var (begin, end) = (lease.Now - from, lease.Now - to);
        ImmutableArray<JobEvent> begun = [.. StoreDatabase.Planned(job, begin), .. StoreDatabase.Found(begin), new TrainingStarted(1) { At = begin, Why = "it trains" }];
        ImmutableArray<JobEvent> ended =
        [
            new AttemptEnding(1, reason, null) { At = end, Why = "over" }, new PhaseEntered(1, AttemptPhase.Terminating) { At = end, Why = "away" },
            new DestroyAccepted(1) { At = end, Why = "accepted" }, new AttemptEnded(1, reason, Money.FromDollars(1), reason.IsInterruption()) { At = end, Why = "gone" },
        ];
        Assert.True(await _database.AppendAsync(lease, [.. begun, .. ended, .. reason == EndReason.Succeeded ? (JobEvent[])[new JobEnded(JobPhase.Succeeded) { At = end, Why = "done" }] : []]));
        await _database.Jobs.ReleaseAsync(lease, null, default);
        await _database.ScalarAsync($"update orchestrator.jobs set submitted_at = now() - interval '10 hours' where id = {job.Value}; update orchestrator.job_events set at = now() - interval '10 hours' where job_id = {job.Value} and kind = 'job-submitted.1'");
        return job;
    }
}
