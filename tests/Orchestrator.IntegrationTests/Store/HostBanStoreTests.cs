using Microsoft.Extensions.Logging.Abstractions;
using Orchestrator.Attempts;
using Orchestrator.Engine.Store;
using Orchestrator.Engine.Ticks;
using Orchestrator.IntegrationTests.Support;
using Orchestrator.Providers.SshHost;
using Orchestrator.Reconciling;
using Xunit;

namespace Orchestrator.IntegrationTests.Store;

[Collection(PostgresCollection.Name)]
public sealed class HostBanStoreTests(PostgresFixture postgres) : IAsyncLifetime
{
    private readonly StoreDatabase _database = new(postgres);

    private HostBanStore Bans => new(_database.Source);

    public Task InitializeAsync() => _database.InitializeAsync();

    public Task DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task A_ban_names_who_and_why_and_ends()
    {
        await Bans.BanAsync("vast/1", "slow", "ada", TimeSpan.FromDays(7), default);
        await Bans.BanAsync("ssh/lab-1", null, "bob", null, default);

        var bans = await Bans.ListAsync(default);
        Assert.Equal([("ssh/lab-1", "bob", null, false), ("vast/1", "ada", "slow", true)], bans.Select(ban => (ban.Host, ban.By, ban.Reason, ban.Until is not null)));
        Assert.Equal("banned by ada (slow)", (await Bans.ForPlansAsync(default)).Single(ban => ban.Host == "vast/1").Why);
        Assert.Equal("lab-1", Assert.Single(await ((IMachineBans)Bans).ListAsync(default)).Key);

        await _database.ScalarAsync("update orchestrator.machine_bans set until = now() - interval '1 s' where machine = 'vast/1'");
        Assert.Equal("ssh/lab-1", Assert.Single(await Bans.ListAsync(default)).Host);
        Assert.False(await Bans.PardonAsync("vast/1", "ada", default));
        Assert.True(await Bans.PardonAsync("ssh/lab-1", "ada", default));
        Assert.Empty(await Bans.ListAsync(default));
    }

    [Fact]
    public async Task A_ban_of_ours_replaces_no_persons_and_no_pardon()
    {
        for (var launch = 0; launch < 3; launch++)
        {
            await NeverBootedAsync("vast/9");
        }

        var memory = new MarketMemoryStore(_database.Source, TimeProvider.System);
        var watch = new HostWatch(memory, Bans, _database.Jobs, NullLogger<HostWatch>.Instance);
        await Bans.BanAsync("vast/9", "I know it", "ada", null, default);
        await watch.JudgeAsync(default);
        Assert.Equal("ada", Assert.Single(await Bans.ListAsync(default)).By);

        await _database.ScalarAsync("delete from orchestrator.machine_bans");
        await watch.JudgeAsync(default);
        var ours = Assert.Single(await Bans.ListAsync(default));
        Assert.Equal((HostWatch.Us, true), (ours.By, ours.Until > ours.At));

        Assert.True(await Bans.PardonAsync("vast/9", "ada", default));
        await watch.JudgeAsync(default);
        Assert.Empty(await Bans.ListAsync(default));
    }

    /// <summary>A rented host that was launched and never got ready.</summary>
    private async Task NeverBootedAsync(string host)
    {
        var job = await _database.SubmitAsync();
        var lease = await _database.LeaseAsync(job);
        var planned = StoreDatabase.Planned(job, lease.Now, host);
        var rented = (AttemptPlanned)planned[0] with { Offer = StoreDatabase.Offer(host) with { Tier = Orchestrator.Offers.OfferTier.Marketplace } };
        Assert.True(await _database.AppendAsync(lease,
        [
            rented,
            .. planned[1..],
            new AttemptEnding(1, EndReason.NeverBooted, null) { At = lease.Now, Why = "never booted" },
            new AttemptEnded(1, EndReason.NeverBooted, Money.Zero, true) { At = lease.Now, Why = "gone" },
        ]));
        await _database.Jobs.ReleaseAsync(lease, null, default);
    }
}
