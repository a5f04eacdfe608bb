using Orchestrator.Engine;
using Orchestrator.Engine.Observing;
using Orchestrator.Engine.Store;
using Orchestrator.Engine.Telemetry;
using Orchestrator.IntegrationTests.Support;
using Orchestrator.Jobs;
using Orchestrator.Protocol;
using Xunit;

namespace Orchestrator.IntegrationTests.Store;

[Collection(PostgresCollection.Name)]
public sealed class BookReaderTests(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    [Fact]
    public async Task Figures_are_what_jobs_and_lists_of_providers_left_on_the_books()
    {
        var job = await database.ConnectingAsync("lora");
        await database.EndAsync(await database.SubmitAsync("gone"));
        var channel = await database.ChannelAsync(job);
        await database.Agents.HeardAsync(channel, new Heartbeat { Step = 1 }, default);
        await ExecuteAsync(
            $"""
            update orchestrator.attempts set phase = 'Running', launch_sent_at = now() - interval '4 minutes', started_at = now() - interval '2 minutes' where job_id = {job.Value};
            insert into orchestrator.orphans (provider, instance_id, label, first_seen) values ('vast', 'i-9', 'orc-x', now());
            insert into orchestrator.sweeps (at, ran_at) values (now() - interval '1 minute', now());
            update orchestrator.jobs set due_at = now() - interval '5 seconds', lease_until = null where id = {job.Value}
            """);
        await new AlertStore(database.Source).RaiseAsync(AlertKinds.Orphan, "i-9", "an orphan", default);

        var figures = await Reader().ReadAsync(default);

        Assert.Equal([(JobPhase.Active, 1L), (JobPhase.Cancelled, 1L)], figures.Jobs.Select(one => (one.Key, one.Value)));
        var risk = Assert.Single(figures.AtRisk);
        Assert.Equal((job.Value, "lora"), (risk.Job, risk.Name));
        Assert.InRange(risk.Unsaved.TotalSeconds, 119, 180);
        var detail = (await database.Queries.ListAsync(new(), default)).Single(one => one.Id == job.Value);
        var money = Assert.Single(figures.Money);
        Assert.Equal(detail.PricePerHour, money.PerHour);
        Assert.True(money.PerHour > Money.Zero);
        Assert.InRange(money.Spent.Dollars, 0.000001m, detail.Cost.Dollars);
        Assert.Equal(new ProviderLeaks("vast", 1, 0), figures.Leaks.Single(one => one.Provider == "vast"));
        var first = Assert.Single(figures.FirstSteps);
        Assert.Equal(1, first.Attempts);
        Assert.InRange(first.Median.TotalSeconds, 239, 300);
        Assert.Equal(1, figures.Alerts[AlertKinds.Orphan]);
        Assert.InRange(figures.SweptAll!.Value.TotalSeconds, 59, 120);
        Assert.InRange(figures.Overdue.TotalSeconds, 4, 60);

        await ExecuteAsync(
            $"insert into orchestrator.checkpoints (job_id, manifest_key, attempt, ordinal, entry, bytes, status, why, reported_at, verified_at, at) values ({job.Value}, 'k', 1, 1, 'e', 1, 'verified', '', now() - interval '30 seconds', now(), now())");
        Assert.InRange(Assert.Single((await Reader().ReadAsync(default)).AtRisk).Unsaved.TotalSeconds, 29, 90);
    }

    private BookReader Reader() => new(
        database.Source, new SweepStore(database.Source), new LeakStore(database.Source), new ProviderSet([]), new EngineOptions { ServerId = "test", Connection = database.ConnectionString });

    private async Task ExecuteAsync(string sql)
    {
        await using var command = database.Source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
