using System.Collections.Immutable;
using Npgsql;
using Orchestrator.Engine.Store;
using Orchestrator.IntegrationTests.Support;
using Orchestrator.Jobs;
using Orchestrator.Protocol;
using Xunit;

namespace Orchestrator.IntegrationTests.Store;

[Collection(PostgresCollection.Name)]
public sealed class CurveStoreTests(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    private CurveStore Curves => new(database.Source);

    [Fact]
    public async Task A_curve_has_a_sample_now_and_then_and_ever_more_seldom()
    {
        var job = await database.ConnectingAsync();
        var channel = await database.ChannelAsync(job);
        await HeardAsync(1);
        await HeardAsync(2);
        Assert.Equal([1L], await StepsAsync(job));

        await AgeAsync(job, last: 3, first: 3);
        await HeardAsync(2);
        Assert.Equal([1L], await StepsAsync(job));
        await HeardAsync(3);
        Assert.Equal([1L, 3L], await StepsAsync(job));

        // After an hour every twelve seconds will do.
        await AgeAsync(job, last: 10, first: 3600);
        await HeardAsync(4);
        Assert.Equal([1L, 3L], await StepsAsync(job));
        await AgeAsync(job, last: 4, first: 0);
        await HeardAsync(5);
        var samples = await Curves.OfJobAsync(job, 400, default);
        Assert.Equal([1L, 3L, 5L], samples.Select(sample => sample.Step));
        Assert.Equal([1, 1, 1], samples.Select(sample => sample.Attempt));
        Assert.Equal(0.5, samples[^1].Metrics["loss"]);

        Task HeardAsync(long step) =>
            database.Agents.HeardAsync(channel, new Heartbeat { Step = step, Metrics = ImmutableSortedDictionary<string, double>.Empty.Add("loss", 2.5 / step) }, default);
    }

    [Fact]
    public async Task A_long_curve_is_thinned_and_keeps_its_end()
    {
        var job = await database.ConnectingAsync();
        await ExecuteAsync($"insert into orchestrator.progress (job_id, attempt, at, step) select {job.Value}, 1, now() - make_interval(secs => 1000 - n), n from generate_series(1, 1000) n");

        var samples = await Curves.OfJobAsync(job, 100, default);

        Assert.InRange(samples.Length, 90, 101);
        Assert.Equal((1L, 1000L), (samples[0].Step, samples[^1].Step));
    }

    [Fact]
    public async Task The_mark_changes_with_progress_and_alerts_and_with_nothing_else()
    {
        var job = await database.ConnectingAsync();
        var channel = await database.ChannelAsync(job);
        await database.Agents.HeardAsync(channel, new Heartbeat { Step = 1 }, default);
        var (own, all) = (await Curves.MarkAsync(job, default), await Curves.MarkAsync(null, default));

        await database.Agents.HeardAsync(channel, new Heartbeat { Step = 1 }, default);
        Assert.Equal((own, all), (await Curves.MarkAsync(job, default), await Curves.MarkAsync(null, default)));

        await database.Agents.HeardAsync(channel, new Heartbeat { Step = 2 }, default);
        Assert.NotEqual(own, await Curves.MarkAsync(job, default));
        Assert.NotEqual(all, all = await Curves.MarkAsync(null, default));

        await new AlertStore(database.Source).RaiseAsync(AlertKinds.Bill, "x", "y", default);
        Assert.NotEqual(all, await Curves.MarkAsync(null, default));
    }

    private async Task<IEnumerable<long>> StepsAsync(JobId job) => (await Curves.OfJobAsync(job, 400, default)).Select(sample => sample.Step);

    private Task AgeAsync(JobId job, int last, int first) => ExecuteAsync(
        $"update orchestrator.channels set sampled_at = sampled_at - interval '{last} seconds', sampled_from = sampled_from - interval '{first} seconds' where job_id = {job.Value}");

    private async Task ExecuteAsync(FormattableString sql)
    {
        await using var command = database.Source.CreateCommand(FormattableString.Invariant(sql));
        await command.ExecuteNonQueryAsync();
    }
}
