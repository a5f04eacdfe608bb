using Microsoft.Extensions.Logging.Abstractions;
using Orchestrator.Attempts;
using Orchestrator.Engine.Store;
using Orchestrator.Engine.Ticks;
using Orchestrator.IntegrationTests.Store;
using Orchestrator.IntegrationTests.Support;
using Orchestrator.Jobs;
using Orchestrator.Reconciling;
using Xunit;

namespace Orchestrator.IntegrationTests.Ticks;

[Collection(PostgresCollection.Name)]
public sealed class WipeWatchTests(PostgresFixture postgres) : IAsyncLifetime
{
    private readonly StoreDatabase _database = new(postgres);

    public Task InitializeAsync() => _database.InitializeAsync();

    public Task DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task A_host_that_was_not_wiped_after_a_sensitive_job_is_told_for_a_week()
    {
        await EndedAsync(sensitive: false, staged: true, wiped: false);
        await EndedAsync(sensitive: true, staged: true, wiped: true);
        await EndedAsync(sensitive: true, staged: false, wiped: false);
        var job = await EndedAsync(sensitive: true, staged: true, wiped: false);
        var alerts = new AlertStore(_database.Source);
        var watch = new WipeWatch(new UnwipedHosts(_database.Source), alerts, NullLogger<WipeWatch>.Instance);

        await watch.LookAsync(default);
        await watch.LookAsync(default);

        var told = Assert.Single(await alerts.ListAsync(resolved: true, default));
        Assert.Equal(("not-wiped", $"{job} attempt 1"), (told.Kind, told.Subject));
        Assert.Contains("vast/7 was not seen to be wiped", told.Text, StringComparison.Ordinal);

        await _database.ScalarAsync("update orchestrator.attempts set ended_at = now() - interval '8 days'");
        await watch.LookAsync(default);
        Assert.Empty(await alerts.ListAsync(resolved: false, default));
    }

    /// <summary>A login in the home, a model in /tmp: nobody has looked there, so "wiped" is not the whole of it.</summary>
    [Fact]
    public async Task A_machine_without_a_container_is_told_although_it_was_wiped()
    {
        await EndedAsync(sensitive: false, staged: true, wiped: true, provider: "ssh");
        await EndedAsync(sensitive: true, staged: true, wiped: true, provider: "ssh", image: "python:3.12");
        await EndedAsync(sensitive: true, staged: true, wiped: true, provider: "local");
        var job = await EndedAsync(sensitive: true, staged: true, wiped: true, provider: "ssh");
        var alerts = new AlertStore(_database.Source);

        await new WipeWatch(new UnwipedHosts(_database.Source), alerts, NullLogger<WipeWatch>.Instance).LookAsync(default);

        var told = Assert.Single(await alerts.ListAsync(resolved: true, default));
        Assert.Equal($"{job} attempt 1", told.Subject);
        Assert.Contains("vast/7 was wiped, but for its user's home and /tmp", told.Text, StringComparison.Ordinal);
    }

    private async Task<JobId> EndedAsync(bool sensitive, bool staged, bool wiped, string? provider = null, string? image = null)
    {
        var job = await _database.SubmitAsync(spec: new() { Name = "job", Sensitive = sensitive, Image = image });
        var lease = await _database.LeaseAsync(job);
        var at = lease.Now;
        Assert.True(await _database.AppendAsync(lease,
        [
            .. StoreDatabase.Planned(job, at, "vast/7"),
            .. StoreDatabase.Found(at),
            .. staged ? (JobEvent[])[new PhaseEntered(1, AttemptPhase.Checking) { At = at, Why = "x" }, new PhaseEntered(1, AttemptPhase.Staging) { At = at, Why = "x" }] : [],
            new AttemptEnding(1, EndReason.HostSilent, null) { At = at, Why = "silent" },
            .. wiped ? (JobEvent[])[new AttemptCleaned(1, true) { At = at, Why = "the host is wiped" }] : [],
            new AttemptEnded(1, EndReason.HostSilent, Money.Zero, true) { At = at, Why = "gone" },
        ]));
        await _database.Jobs.ReleaseAsync(lease, null, default);
        if (provider is not null)
        {
            await _database.ScalarAsync($"update orchestrator.attempts set provider = '{provider}' where job_id = {job.Value}");
        }

        return job;
    }
}
