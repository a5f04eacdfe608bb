using System.Text;
using Orchestrator.Engine.Store;
using Orchestrator.IntegrationTests.Support;
using Orchestrator.Jobs;
using Orchestrator.Protocol;
using Xunit;

namespace Orchestrator.IntegrationTests.Store;

[Collection(PostgresCollection.Name)]
public sealed class ChannelTests(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    [Fact]
    public async Task Two_servers_that_claim_at_once_share_the_channels_and_own_none_twice()
    {
        var jobs = new List<JobId>();
        for (var i = 0; i < 6; i++)
        {
            jobs.Add(await database.ConnectingAsync());
        }

        var claims = await Task.WhenAll(Enumerable.Range(0, 4).Select(server => database.Agents.ClaimChannelsAsync($"s{server}", StoreDatabase.Long, 3, default)));
        var rest = await database.Agents.ClaimChannelsAsync("rest", StoreDatabase.Long, 1000, default);

        var owned = claims.SelectMany(claim => claim).Concat(rest).Select(channel => channel.Job).ToList();
        Assert.Equal(owned.Count, owned.Distinct().Count());
        Assert.Subset(owned.ToHashSet(), jobs.ToHashSet());
        Assert.All(claims, claim => Assert.True(claim.Count <= 3));
    }

    [Fact]
    public async Task A_server_that_reaches_no_other_machine_leaves_their_channels_to_others()
    {
        var job = await database.ConnectingAsync();

        Assert.DoesNotContain(await database.Agents.ClaimChannelsAsync("cut-off", StoreDatabase.Long, 1000, ["local"], default), channel => channel.Job == job);
        Assert.Contains(await database.Agents.ClaimChannelsAsync("other", StoreDatabase.Long, 1000, ["ssh"], default), channel => channel.Job == job);
    }

    [Fact]
    public async Task A_channel_says_where_to_connect_and_where_to_go_on()
    {
        var job = await database.ConnectingAsync();
        var first = await database.ChannelAsync(job);
        await database.Agents.StoreEventsAsync(first, [Event(1), Event(2)], default);
        await database.Agents.StoreLogAsync(first, 0, Encoding.UTF8.GetBytes("hello"), default);
        await database.Agents.ReleaseChannelAsync(first, default);

        var second = await database.ChannelAsync(job, "two");

        Assert.Equal(new ChannelLease(job, 1, first.Epoch + 1, "local", "i-1", $"orc-{StoreDatabase.Epoch}-{job.Value}-1", 2, 5), second);
    }

    [Fact]
    public async Task A_displaced_owner_can_write_nothing_more()
    {
        var job = await database.ConnectingAsync();
        var old = await database.ChannelAsync(job, "old");
        await database.ExpireAsync(job);
        await database.ChannelAsync(job, "new");

        await Assert.ThrowsAsync<ChannelLostException>(() => database.Agents.StoreEventsAsync(old, [Event(1)], default));
        await Assert.ThrowsAsync<ChannelLostException>(() => database.Agents.StoreLogAsync(old, 0, new byte[1], default));
        await Assert.ThrowsAsync<ChannelLostException>(() => database.Agents.HeardAsync(old, null, default));
        Assert.Empty(await database.Agents.RenewChannelsAsync("old", StoreDatabase.Long, [(job.Value, 1, old.Epoch)], default));
        await database.Agents.ReleaseChannelAsync(old, default);
        Assert.DoesNotContain(await database.Agents.ClaimChannelsAsync("third", StoreDatabase.Long, 1000, default), channel => channel.Job == job);
    }

    [Fact]
    public async Task A_renewal_keeps_what_is_wanted_and_leaves_out_what_is_not()
    {
        var (kept, ended) = (await database.ConnectingAsync(), await database.ConnectingAsync());
        var channels = await database.Agents.ClaimChannelsAsync("me", StoreDatabase.Long, 1000, default);
        await database.ScalarAsync($"update orchestrator.attempts set wants_channel = false where job_id = {ended.Value}");

        var renewed = await database.Agents.RenewChannelsAsync(
            "me", StoreDatabase.Long, [.. channels.Where(channel => channel.Job == kept || channel.Job == ended).Select(channel => (channel.Job.Value, channel.Attempt, channel.Epoch))], default);

        Assert.Equal(kept.Value, Assert.Single(renewed).Job);
    }

    [Fact]
    public async Task Events_are_stored_once_in_order_and_never_over_a_gap()
    {
        var job = await database.ConnectingAsync();
        var channel = await database.ChannelAsync(job);

        Assert.Equal(2, await database.Agents.StoreEventsAsync(channel, [Event(1), Event(2)], default));
        Assert.Equal(3, await database.Agents.StoreEventsAsync(channel, [Event(2), Event(3)], default));
        Assert.Equal(3, await database.Agents.StoreEventsAsync(channel, [Event(5), Event(6)], default));
        Assert.Equal(4, await database.Agents.StoreEventsAsync(channel, [Event(4), Event(6)], default));

        var view = (await database.Agents.ViewAsync(job, 1, 1, 2, default))!;
        Assert.Equal([2L, 3L], view.Events.Select(happened => happened.Seq));
        Assert.Equal("problem 3 \0 \uFFFD", Assert.IsType<HostProblem>(view.Events[1]).Words);
    }

    [Fact]
    public async Task An_event_wakes_the_job_and_a_heartbeat_does_not()
    {
        var job = await database.ConnectingAsync();
        var channel = await database.ChannelAsync(job);
        Assert.DoesNotContain(job, await database.Jobs.DueJobsAsync(1000, default));

        await database.Agents.HeardAsync(channel, null, default);
        Assert.Contains(job, await database.Jobs.DueJobsAsync(1000, default));
        await SettleAsync(job);

        await database.Agents.HeardAsync(channel, new Heartbeat { Step = 1 }, default);
        Assert.DoesNotContain(job, await database.Jobs.DueJobsAsync(1000, default));

        await database.Agents.StoreEventsAsync(channel, [Event(1)], default);
        Assert.Contains(job, await database.Jobs.DueJobsAsync(1000, default));
        await SettleAsync(job);

        await database.Agents.DisconnectedAsync(channel, default);
        await database.Agents.HeardAsync(channel, null, default);
        Assert.Contains(job, await database.Jobs.DueJobsAsync(1000, default));
    }

    [Fact]
    public async Task A_tick_sees_whether_the_channel_is_open_now()
    {
        var job = await database.ConnectingAsync();
        var channel = await database.ChannelAsync(job);
        Assert.False(await ConnectedAsync(job));
        await database.Agents.HeardAsync(channel, null, default);
        Assert.True(await ConnectedAsync(job));

        await database.Agents.DisconnectedAsync(channel, default);
        Assert.False(await ConnectedAsync(job));

        await database.Agents.HeardAsync(channel, null, default);
        await database.ExpireAsync(job);
        Assert.False(await ConnectedAsync(job));
    }

    /// <summary>A laptop that slept with its server: the lease ran out, and the same owner renews it before anybody could claim it.</summary>
    [Fact]
    public async Task Silence_counts_from_when_an_owner_that_slept_listens_again()
    {
        var job = await database.ConnectingAsync();
        var channel = await database.ChannelAsync(job);
        await database.Agents.HeardAsync(channel, new Heartbeat { Step = 3 }, default);
        await database.ScalarAsync(
            $"""
            update orchestrator.channels set last_heard_at = now() - interval '8 hours', progress_at = now() - interval '8 hours',
                listening_since = now() - interval '9 hours', lease_until = now() - interval '7 hours' where job_id = {job.Value}
            """);
        var woken = await database.Jobs.NowAsync(default);

        Assert.Single(await database.Agents.RenewChannelsAsync("server-1", StoreDatabase.Long, [(job.Value, 1, channel.Epoch)], default));

        var view = (await database.Agents.ViewAsync(job, 1, 0, 10, default))!;
        Assert.True(view.LastHeardAt >= woken && view.ProgressAt >= woken, $"{view.LastHeardAt:O}, {view.ProgressAt:O} at {woken:O}");

        // One that listens without a break is renewed without forgetting since when.
        Assert.Single(await database.Agents.RenewChannelsAsync("server-1", StoreDatabase.Long, [(job.Value, 1, channel.Epoch)], default));
        Assert.Equal(view.LastHeardAt, (await database.Agents.ViewAsync(job, 1, 0, 10, default))!.LastHeardAt);
    }

    [Fact]
    public async Task Progress_is_dated_when_the_step_rises_and_only_then()
    {
        var job = await database.ConnectingAsync();
        Assert.Null(await database.Agents.ViewAsync(job, 1, 0, 10, default));
        var channel = await database.ChannelAsync(job);
        Assert.Null((await database.Agents.ViewAsync(job, 1, 0, 10, default))!.LastHeardAt);

        await database.Agents.HeardAsync(channel, new Heartbeat { Step = 0 }, default);
        var first = (await database.Agents.ViewAsync(job, 1, 0, 10, default))!;
        await database.Agents.HeardAsync(channel, new Heartbeat { Step = 0 }, default);
        var same = (await database.Agents.ViewAsync(job, 1, 0, 10, default))!;
        await database.Agents.HeardAsync(channel, new Heartbeat { Step = 1, TotalSteps = 9 }, default);
        var risen = (await database.Agents.ViewAsync(job, 1, 0, 10, default))!;

        Assert.NotNull(first.ProgressAt);
        Assert.Equal(first.ProgressAt, same.ProgressAt);
        Assert.True(same.LastHeardAt > first.LastHeardAt);
        Assert.True(risen.ProgressAt > first.ProgressAt);
        Assert.Equal((1L, 9L), (risen.Step, risen.TotalSteps));
    }

    [Fact]
    public async Task Commands_are_stored_once_sent_once_an_epoch_and_again_after_a_reconnect()
    {
        var job = await database.ConnectingAsync();
        var channel = await database.ChannelAsync(job);
        await database.Agents.AddCommandAsync(job, 1, "b-first", new CheckHost { Gpus = 1 }, default);
        await database.Agents.AddCommandAsync(job, 1, "a-second", new StopAgent(), default);
        await database.Agents.AddCommandAsync(job, 1, "b-first", new CheckHost { Gpus = 2 }, default);

        var pending = await database.Agents.PendingCommandsAsync(channel, default);
        Assert.Equal(["b-first", "a-second"], pending.Select(command => command.Key));
        Assert.Equal(new CheckHost { Gpus = 1 }, pending[0].Command);

        await database.Agents.CommandSentAsync(channel, "b-first", default);
        Assert.Equal(["a-second"], (await database.Agents.PendingCommandsAsync(channel, default)).Select(command => command.Key));

        await database.Agents.ForgetSentAsync(channel, default);
        Assert.Equal(2, (await database.Agents.PendingCommandsAsync(channel, default)).Count);

        await database.Agents.CommandSentAsync(channel, "b-first", default);
        await database.ExpireAsync(job);
        var next = await database.ChannelAsync(job, "two");
        Assert.Equal(2, (await database.Agents.PendingCommandsAsync(next, default)).Count);
        Assert.Empty(await database.Agents.PendingCommandsAsync(channel, default));
    }

    [Fact]
    public async Task A_log_is_stored_without_gaps_or_doubles_and_read_by_range()
    {
        var job = await database.ConnectingAsync();
        var channel = await database.ChannelAsync(job);

        Assert.Equal(4, await StoreLogAsync(channel, 0, "0123"));
        Assert.Equal(4, await StoreLogAsync(channel, 1, "123"));
        Assert.Equal(7, await StoreLogAsync(channel, 2, "23456"));
        Assert.Equal(7, await StoreLogAsync(channel, 8, "8"));
        Assert.Equal(10, await StoreLogAsync(channel, 7, "789"));

        Assert.Equal((0, "0123456789", 10), await ReadLogAsync(job, 0, 100));
        Assert.Equal((3, "3456", 10), await ReadLogAsync(job, 3, 4));
        Assert.Equal((5, "56", 10), await ReadLogAsync(job, 5, 2));
        Assert.Equal((10, "", 10), await ReadLogAsync(job, 99, 5));
        Assert.Equal((0, "01", 10), await ReadLogAsync(job, -5, 2));
        var tail = await database.Agents.TailLogAsync(job, 1, 3, default);
        Assert.Equal((7L, "789"), (tail.Start, Encoding.UTF8.GetString(tail.Data)));
        Assert.Empty((await database.Agents.ReadLogAsync(job, 2, 0, 10, default)).Data);
    }

    private async Task<bool> ConnectedAsync(JobId job) => (await database.Agents.ViewAsync(job, 1, 0, 10, default))!.Connected;

    private async Task<(int Start, string Text, int End)> ReadLogAsync(JobId job, long offset, int max)
    {
        var piece = await database.Agents.ReadLogAsync(job, 1, offset, max, default);
        return ((int)piece.Start, Encoding.UTF8.GetString(piece.Data), (int)piece.End);
    }

    private Task<long> StoreLogAsync(ChannelLease channel, long offset, string text) => database.Agents.StoreLogAsync(channel, offset, Encoding.UTF8.GetBytes(text), default);

    private async Task SettleAsync(JobId job) => await database.Jobs.ReleaseAsync(await database.LeaseAsync(job), null, default);

    private static HostProblem Event(long seq) => new($"problem {seq} \0 \uD800") { Seq = seq, At = DateTimeOffset.UnixEpoch };
}
