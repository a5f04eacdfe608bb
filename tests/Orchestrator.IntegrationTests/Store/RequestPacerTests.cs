using Orchestrator.Engine.Store;
using Orchestrator.IntegrationTests.Support;
using Orchestrator.Providers;
using Orchestrator.Providers.Http;
using Xunit;

namespace Orchestrator.IntegrationTests.Store;

/// <summary>Distances are hours, so that no slow machine lets one pass.</summary>
[Collection(PostgresCollection.Name)]
public sealed class RequestPacerTests(PostgresFixture postgres) : IAsyncLifetime
{
    private static readonly PaceLane _create = new("create", TimeSpan.FromHours(2));
    private static readonly PaceLane _search = new("search", TimeSpan.FromHours(2), Burst: 3);

    private readonly StoreDatabase _database = new(postgres);

    public Task InitializeAsync() => _database.InitializeAsync();

    public Task DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task Two_servers_share_one_limit()
    {
        await Pacer().WaitAsync("vast", [_create], TimeSpan.Zero, default);

        var refused = await RefusedAsync(Pacer(), "vast", _create);

        Assert.Equal(ProviderErrorKind.RateLimited, refused.Kind);
        Assert.InRange(refused.RetryAfter!.Value, TimeSpan.FromHours(1), TimeSpan.FromHours(2));
        // Another account has its own.
        await Pacer().WaitAsync("another", [_create], TimeSpan.Zero, default);
    }

    [Fact]
    public async Task Some_may_come_at_once()
    {
        for (var call = 0; call < 3; call++)
        {
            await Pacer().WaitAsync("vast", [_search], TimeSpan.Zero, default);
        }

        await RefusedAsync(Pacer(), "vast", _search);
    }

    /// <summary>Who was refused did not ask: his place is free for the next one.</summary>
    [Fact]
    public async Task A_refusal_takes_no_place()
    {
        await Pacer().WaitAsync("vast", [_create], TimeSpan.Zero, default);
        for (var call = 0; call < 5; call++)
        {
            Assert.True((await RefusedAsync(Pacer(), "vast", _search, _create)).RetryAfter <= TimeSpan.FromHours(2));
        }

        await Pacer().WaitAsync("vast", [_search], TimeSpan.Zero, default);
    }

    [Fact]
    public async Task After_a_refusal_of_the_api_nobody_asks()
    {
        await Pacer().HoldAsync("vast", [_search], TimeSpan.FromHours(1), default);

        Assert.InRange((await RefusedAsync(Pacer(), "vast", _search)).RetryAfter!.Value, TimeSpan.FromMinutes(30), TimeSpan.FromHours(1));
    }

    /// <summary>Of a day that was written while the database's clock was ahead, ten minutes are left at most.</summary>
    [Fact]
    public async Task A_clock_that_was_ahead_keeps_nobody_back_for_long()
    {
        PaceLane destroy = new("destroy", TimeSpan.FromSeconds(2));
        await Pacer().HoldAsync("vast", [destroy], TimeSpan.FromDays(1), default);

        Assert.InRange((await RefusedAsync(Pacer(), "vast", destroy)).RetryAfter!.Value, TimeSpan.Zero, TimeSpan.FromMinutes(11));
    }

    private static Task<ProviderException> RefusedAsync(RequestPacer pacer, string account, params PaceLane[] lanes) =>
        Assert.ThrowsAsync<ProviderException>(() => pacer.WaitAsync(account, lanes, TimeSpan.Zero, default));

    private RequestPacer Pacer() => new(_database.Source, TimeProvider.System);
}
