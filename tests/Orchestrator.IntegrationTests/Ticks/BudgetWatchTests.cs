using Microsoft.Extensions.Logging.Abstractions;
using Orchestrator.Engine.Store;
using Orchestrator.Engine.Ticks;
using Orchestrator.IntegrationTests.Store;
using Orchestrator.IntegrationTests.Support;
using Orchestrator.Jobs;
using Orchestrator.Reconciling;
using Xunit;

namespace Orchestrator.IntegrationTests.Ticks;

[Collection(PostgresCollection.Name)]
public sealed class BudgetWatchTests(PostgresFixture postgres) : IAsyncLifetime
{
    private readonly StoreDatabase _database = new(postgres);

    public Task InitializeAsync() => _database.InitializeAsync();

    public Task DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task Each_share_is_told_once_and_a_larger_budget_or_the_end_settles_it()
    {
        var alerts = new AlertStore(_database.Source);
        var watch = new BudgetWatch(new PaidJobs(_database.Source), new BatchStore(_database.Source), alerts, NullLogger<BudgetWatch>.Instance);
        // $1 an hour of $5: launched so long ago, one share after the other is spent.
        var job = await LaunchedAsync(TimeSpan.FromHours(1));
        await watch.LookAsync(default);
        Assert.Empty(await alerts.ListAsync(resolved: true, default));

        var spends = await LaunchedAsync(TimeSpan.FromHours(3));
        await watch.LookAsync(default);
        await watch.LookAsync(default);
        var told = Assert.Single(await alerts.ListAsync(resolved: true, default));
        Assert.Equal(("budget-50", spends.ToString()), (told.Kind, told.Subject));
        Assert.Contains($"job{spends} has spent 50 % of its budget of $5.00", told.Text, StringComparison.Ordinal);

        await AppendAsync(spends, at => new BudgetChanged(Money.FromDollars(3.5m)) { At = at, Why = "less" });
        await watch.LookAsync(default);
        Assert.Equal("budget-80", Assert.Single(await alerts.ListAsync(resolved: false, default)).Kind);

        await AppendAsync(spends, at => new BudgetChanged(Money.FromDollars(50)) { At = at, Why = "more" });
        await watch.LookAsync(default);
        Assert.Empty(await alerts.ListAsync(resolved: false, default));
        Assert.Equal(2, (await alerts.ListAsync(resolved: true, default)).Count);

        await AppendAsync(job, at => new BudgetChanged(Money.FromDollars(1)) { At = at, Why = "less" });
        await watch.LookAsync(default);
        Assert.Equal("budget-100", Assert.Single(await alerts.ListAsync(resolved: false, default)).Kind);
        await _database.ScalarAsync("update orchestrator.jobs set ended_at = now()");
        await watch.LookAsync(default);
        Assert.Empty(await alerts.ListAsync(resolved: false, default));
    }

    [Fact]
    public async Task A_job_that_cannot_be_read_keeps_its_own_alert_and_hides_no_other()
    {
        var alerts = new AlertStore(_database.Source);
        var watch = new BudgetWatch(new PaidJobs(_database.Source), new BatchStore(_database.Source), alerts, NullLogger<BudgetWatch>.Instance);
        var broken = await LaunchedAsync(TimeSpan.FromHours(3));
        await watch.LookAsync(default);
        await _database.ScalarAsync($"update orchestrator.jobs set state = '[]'::json where id = {broken.Value}");
        var spends = await LaunchedAsync(TimeSpan.FromHours(3));

        await watch.LookAsync(default);

        Assert.Equal<string>([broken.ToString(), spends.ToString()], (await alerts.ListAsync(resolved: false, default)).Select(alert => alert.Subject));
    }

    private async Task<JobId> LaunchedAsync(TimeSpan ago)
    {
        var job = await _database.SubmitAsync();
        var lease = await _database.LeaseAsync(job);
        Assert.True(await _database.AppendAsync(lease, [.. StoreDatabase.Planned(job, lease.Now - ago), .. StoreDatabase.Found(lease.Now - ago)]));
        await _database.Jobs.ReleaseAsync(lease, null, default);
        return job;
    }

    private async Task AppendAsync(JobId job, Func<DateTimeOffset, JobEvent> what)
    {
        var lease = await _database.LeaseAsync(job);
        Assert.True(await _database.AppendAsync(lease, [what(lease.Now)]));
        await _database.Jobs.ReleaseAsync(lease, null, default);
    }
}
