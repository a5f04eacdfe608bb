using Npgsql;
using Orchestrator.Engine.Recurring;
using Orchestrator.Engine.Store;
using Orchestrator.Engine.Submitting;
using Orchestrator.IntegrationTests.Support;
using Orchestrator.Jobs;
using Xunit;

namespace Orchestrator.IntegrationTests.Store;

[Collection(PostgresCollection.Name)]
public sealed class SeriesStoreTests(PostgresFixture postgres) : IAsyncLifetime
{
    private static readonly DateTimeOffset _due = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly StoreDatabase _database = new(postgres);
    private SeriesStore _series = null!;

    public async Task InitializeAsync()
    {
        await _database.InitializeAsync();
        _series = new(_database.Source);
    }

    public Task DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task What_is_due_is_claimed_by_one_server_until_its_claim_runs_out()
    {
        var id = await SubmitAsync("nightly");
        await SubmitAsync("later", DateTimeOffset.UtcNow.AddDays(1));
        await using var other = NpgsqlDataSource.Create(_database.ConnectionString);
        SeriesStore[] servers = [_series, new(other)];

        var claims = await Task.WhenAll(Enumerable.Range(0, 16).Select(number => servers[number % 2].ClaimAsync(StoreDatabase.Long, default)));

        var claim = Assert.Single(claims.OfType<DueSeries>());
        Assert.Equal((id, "nightly", _due, null), (claim.Id, claim.Name, claim.DueAt, claim.Live));
        Assert.Equal(("run: x\n", "/home/ada", "ada"), (claim.Request.Text, claim.Request.Folder, claim.Request.Owner));

        // Whoever could not submit it says when it is tried again.
        Assert.True(await _series.TroubleAsync(id, _due, "no secret", TimeSpan.Zero, default));
        Assert.Equal("no secret", (await _series.FindAsync(id, default))!.Trouble);
        Assert.NotNull(await _series.ClaimAsync(StoreDatabase.Long, default));
    }

    /// <summary>Their claims ran out while they read code and data: all of them submit in the end.</summary>
    [Fact]
    public async Task Of_many_servers_that_submit_one_instant_one_does()
    {
        var id = await SubmitAsync("nightly");
        var firing = new Firing(id, _due, _due.AddDays(2), _due.AddDays(3), "submitted");
        await using var other = NpgsqlDataSource.Create(_database.ConnectionString);
        JobStore[] servers = [_database.Jobs, new(other, TimeProvider.System)];

        var jobs = await Task.WhenAll(Enumerable.Range(0, 16).Select(number => TrySubmitAsync(servers[number % 2], firing)));

        var job = Assert.Single(jobs.OfType<JobId>());
        Assert.Equal(job, Assert.Single(await _database.Jobs.LiveOfNameAsync("nightly", default)));
        var settled = Assert.Single(await _series.FiringsAsync(id, default));
        Assert.Equal((_due.AddDays(2), job.Value, JobPhase.Pending), (settled.At, settled.Job!.Value, settled.Phase!.Value));
        Assert.Equal(_due.AddDays(3), (await _series.FindAsync(id, default))!.DueAt);
        Assert.Equal(id.Value, (await _series.OfJobAsync(job, default))!.Id);

        // The next one finds the run alive.
        Assert.False(await _series.SkipAsync(firing, default));
        Assert.Equal(job, (await _series.ClaimAsync(TimeSpan.Zero, default))!.Live!.Job);
        await _database.EndAsync(job);
        Assert.Null((await _series.ClaimAsync(TimeSpan.Zero, default))!.Live);
    }

    [Fact]
    public async Task Of_a_series_that_was_stopped_nothing_is_submitted_be_it_claimed()
    {
        var id = await SubmitAsync("nightly");
        Assert.NotNull(await _series.ClaimAsync(TimeSpan.Zero, default));
        Assert.True(await _series.StopAsync(id, "ada", default));
        Assert.False(await _series.StopAsync(id, "bob", default));

        Assert.Null(await TrySubmitAsync(_database.Jobs, new Firing(id, _due, _due, _due.AddDays(1), "submitted")));
        Assert.False(await _series.SkipAsync(new Firing(id, _due, _due, _due.AddDays(1), "skipped"), default));
        Assert.Null(await _series.ClaimAsync(TimeSpan.Zero, default));
        Assert.Empty(await _database.Jobs.LiveOfNameAsync("nightly", default));
        Assert.Empty(await _series.LiveAsync(default));
        Assert.Equal("ada", (await _series.FindAsync(id, default))!.StoppedBy);
    }

    [Fact]
    public async Task What_was_skipped_long_ago_is_forgotten()
    {
        var id = await SubmitAsync("nightly");
        Assert.True(await _series.SkipAsync(new Firing(id, _due, _due, _due.AddDays(1), "skipped"), default));
        Assert.NotNull(await TrySubmitAsync(_database.Jobs, new Firing(id, _due.AddDays(1), _due.AddDays(1), _due.AddDays(2), "submitted")));
        await _database.ScalarAsync("update orchestrator.firings set settled_at = now() - interval '31 days'");

        Assert.Equal(1, await new UpkeepStore(_database.Source).PruneHistoryAsync(TimeSpan.FromDays(30), default));
        Assert.NotNull(Assert.Single(await _series.FiringsAsync(id, default)).Job);
    }

    [Fact]
    public async Task One_name_is_one_live_series()
    {
        var first = await SubmitAsync("nightly");
        Assert.Null(await _series.SubmitAsync(New("nightly", _due), default));

        await _series.StopAsync(first, "ada", default);
        Assert.NotNull(await _series.SubmitAsync(New("nightly", _due), default));
    }

    private static NewSeries New(string name, DateTimeOffset due) =>
        new(name, new SubmitRequest { Text = "run: x\n", FileName = "nightly.yaml", Folder = "/home/ada", Owner = "ada", Defaults = [new("max-runtime", "9h")] }, "0 0 * * *", "UTC", due);

    private async Task<SeriesId> SubmitAsync(string name, DateTimeOffset? due = null) => (await _series.SubmitAsync(New(name, due ?? _due), default))!.Value;

    private static async Task<JobId?> TrySubmitAsync(JobStore server, Firing firing)
    {
        try
        {
            return await server.SubmitAsync(
                new NewJob { Name = "nightly", Owner = "ada", SpecYaml = "run: x\n", SpecJson = "{}", Terms = new JobTerms(), Epoch = StoreDatabase.Epoch, Firing = firing }, default);
        }
        catch (FiringSettledException)
        {
            return null;
        }
    }
}
