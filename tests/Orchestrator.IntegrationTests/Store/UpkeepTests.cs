using System.Text;
using Orchestrator.Attempts;
using Orchestrator.Engine.Store;
using Orchestrator.IntegrationTests.Support;
using Orchestrator.Jobs;
using Orchestrator.Protocol;
using Orchestrator.Reconciling;
using Xunit;

namespace Orchestrator.IntegrationTests.Store;

[Collection(PostgresCollection.Name)]
public sealed class UpkeepTests(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    private static readonly TimeSpan _month = TimeSpan.FromDays(30);

    private UpkeepStore Upkeep => new(database.Source);

    [Fact]
    public async Task Of_a_long_log_the_oldest_pieces_go_and_reading_says_where_it_begins()
    {
        var job = await database.ConnectingAsync();
        var channel = await database.ChannelAsync(job);
        for (var at = 0; at < 40; at += 10)
        {
            await database.Agents.StoreLogAsync(channel, at, Encoding.UTF8.GetBytes("0123456789"), default);
        }

        Assert.Equal(2, await Upkeep.PruneLogsAsync(15, default));

        var piece = await database.Agents.ReadLogAsync(job, 1, 0, 100, default);
        Assert.Equal((20L, 20, 40L), (piece.Start, piece.Data.Length, piece.End));
        Assert.Equal(40, await database.Agents.StoreLogAsync(channel, 30, Encoding.UTF8.GetBytes("0123456789"), default));
        Assert.Equal(0, await Upkeep.PruneLogsAsync(15, default));
    }

    [Fact]
    public async Task Old_history_goes_for_ended_jobs_only_and_what_is_not_handled_stays()
    {
        var (ended, live) = (await StoryAsync(), await StoryAsync());
        await database.ScalarAsync($"update orchestrator.jobs set ended_at = now() - interval '31 days' where id = {ended.Value}");
        await database.ScalarAsync("update orchestrator.inbox set handled_at = now() - interval '31 days' where handled_at is not null");

        Assert.Equal(4, await Upkeep.PruneHistoryAsync(_month, default));

        Assert.Equal((0L, 0L, 1L), await CountsAsync(ended));
        Assert.Equal((1L, 1L, 1L), await CountsAsync(live));
    }

    [Fact]
    public async Task Unfinished_uploads_of_an_ended_attempt_are_owed_once()
    {
        var job = await database.ConnectingAsync();
        Assert.DoesNotContain((job, 1), await Upkeep.EndedUploadsAsync(100, default));
        var lease = await database.LeaseAsync(job);
        await database.AppendAsync(lease,
        [
            new AttemptEnding(1, EndReason.Cancelled, null) { At = lease.Now, Why = "cancelled" },
            new AttemptEnded(1, EndReason.Cancelled, Money.Zero, false) { At = lease.Now, Why = "gone" },
        ]);

        Assert.Contains((job, 1), await Upkeep.EndedUploadsAsync(100, default));
        await Upkeep.UploadsAbortedAsync(job, 1, default);
        Assert.DoesNotContain((job, 1), await Upkeep.EndedUploadsAsync(100, default));
    }

    /// <summary>A job with a tick record, an agent event, a handled and an unhandled inbox row.</summary>
    private async Task<JobId> StoryAsync()
    {
        var job = await database.ConnectingAsync();
        var channel = await database.ChannelAsync(job);
        await database.Agents.StoreEventsAsync(channel, [new HostProblem("x") { Seq = 1, At = DateTimeOffset.UnixEpoch }], default);
        await database.Jobs.AddInboxAsync(job, new CancelCommand("ada"), default);
        await database.ScalarAsync($"update orchestrator.inbox set handled_at = now() where job_id = {job.Value}");
        await database.Jobs.AddInboxAsync(job, new CancelCommand("ada"), default);
        await database.ScalarAsync($$"""insert into orchestrator.ticks (job_id, seq_before, at, record) values ({{job.Value}}, 1, now(), '{}')""");
        return job;
    }

    private async Task<(long Ticks, long Events, long Inbox)> CountsAsync(JobId job) => (
        (long)(await database.ScalarAsync($"select count(*) from orchestrator.ticks where job_id = {job.Value}"))!,
        (long)(await database.ScalarAsync($"select count(*) from orchestrator.agent_events where job_id = {job.Value}"))!,
        (long)(await database.ScalarAsync($"select count(*) from orchestrator.inbox where job_id = {job.Value}"))!);
}
