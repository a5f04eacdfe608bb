using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Orchestrator.Attempts;
using Orchestrator.Determinism;
using Orchestrator.Engine.Observing;
using Orchestrator.Engine.Store;
using Orchestrator.IntegrationTests.Support;
using Orchestrator.Providers;
using Orchestrator.Reconciling;
using Xunit;

namespace Orchestrator.IntegrationTests.Store;

/// <summary>With a key of another account everything on the books would look gone.</summary>
[Collection(PostgresCollection.Name)]
public sealed class AccountGuardTests(PostgresFixture postgres) : IAsyncLifetime
{
    private static readonly Uri _theirs = new("https://console.vast.ai/");

    private readonly StoreDatabase _database = new(postgres);
    private int _asked;

    public Task InitializeAsync() => _database.InitializeAsync();

    public Task DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task A_key_of_another_account_is_refused_while_something_of_ours_is_at_the_former_one()
    {
        var guard = Guard();
        await RequireAsync(guard, "key-1", "190001");
        await RequireAsync(guard, "key-1", "190001");
        Assert.Equal(1, _asked);
        await RentAsync();

        // A new key of the same account is taken, the other one's is not: by this server and by one that has just started.
        await RequireAsync(guard, "key-2", "190001");
        foreach (var server in (AccountGuard[])[guard, guard, Guard()])
        {
            var refused = await Assert.ThrowsAsync<ProviderException>(() => RequireAsync(server, "key-3", "190002"));
            Assert.Equal(ProviderErrorKind.Unauthorized, refused.Kind);
            Assert.Contains("another account (190002)", refused.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("key-3", refused.Message, StringComparison.Ordinal);
        }

        var alerts = new AlertStore(_database.Source);
        Assert.Equal(("account-changed", "vast"), Assert.Single((await alerts.ListAsync(resolved: false, default)).Select(alert => (alert.Kind, alert.Subject))));

        await RequireAsync(guard, "key-2", "190001");
        Assert.Empty(await alerts.ListAsync(resolved: false, default));
    }

    [Fact]
    public async Task An_api_that_does_not_say_is_believed_for_the_same_key_only()
    {
        await RequireAsync(Guard(), "key-1", null);
        await RentAsync();
        await RequireAsync(Guard(), "key-1", null);

        var guard = Guard();
        Assert.Equal(ProviderErrorKind.Unauthorized, (await Assert.ThrowsAsync<ProviderException>(() => RequireAsync(guard, "key-2", null))).Kind);

        // On a person's word, once nothing of ours is left at the former one, or has been looked for.
        Assert.Equal(1_000_000, Assert.Single(await guard.AcceptAsync("vast", gone: false, default)).PriceMicros);
        Assert.Equal(ProviderErrorKind.Unauthorized, (await Assert.ThrowsAsync<ProviderException>(() => RequireAsync(Guard(), "key-2", null))).Kind);
        Assert.Empty(await guard.AcceptAsync("vast", gone: true, default));
        await RequireAsync(guard, "key-2", null, changes: true);
        await RequireAsync(Guard(), "key-2", null);
        Assert.Empty(await new AlertStore(_database.Source).ListAsync(resolved: false, default));
    }

    /// <summary>What was accepted is claimed in the same step: nobody who asks at that moment becomes the owner instead.</summary>
    [Fact]
    public async Task An_accepted_key_is_claimed_before_anybody_else_can()
    {
        await RequireAsync(Guard(), "key-1", "190001");
        await RentAsync();
        var guard = Guard();
        await Assert.ThrowsAsync<ProviderException>(() => RequireAsync(guard, "key-2", "190002"));
        using var stop = new CancellationTokenSource();
        var others = Enumerable.Range(3, 4).Select(other => Task.Run(async () =>
        {
            for (var won = 0; ; )
            {
                try
                {
                    await RequireAsync(Guard(), $"key-{other}", $"19000{other}");
                    won++;
                }
                catch (ProviderException refused) when (refused.Kind == ProviderErrorKind.Unauthorized)
                {
                    // As it should.
                }

                if (stop.IsCancellationRequested)
                {
                    return won;
                }
            }
        })).ToArray();

        Assert.Empty(await guard.AcceptAsync("vast", gone: true, default));
        for (var again = 0; again < 20; again++)
        {
            await RequireAsync(guard, "key-2", "190002", changes: true);
        }

        await stop.CancelAsync();
        Assert.All(await Task.WhenAll(others), won => Assert.Equal(0, won));
        await Assert.ThrowsAsync<ProviderException>(() => RequireAsync(Guard(), "key-1", "190001"));
    }

    [Fact]
    public async Task Of_two_accepted_at_once_one_is_the_owner_whole()
    {
        await RequireAsync(Guard(), "key-1", "190001");
        await RentAsync();
        AccountGuard[] guards = [Guard(), Guard()];
        await Assert.ThrowsAsync<ProviderException>(() => RequireAsync(guards[0], "key-2", "190002"));
        await Assert.ThrowsAsync<ProviderException>(() => RequireAsync(guards[1], "key-3", "190003"));

        await Task.WhenAll(guards.Select(guard => guard.AcceptAsync("vast", gone: true, default)));

        var owner = (await new AccountStore(_database.Source).FindAsync("vast", default))!;
        var number = Assert.Single(owner.Marks)[^1];
        await RequireAsync(Guard(), $"key-{number}", null);
        await Assert.ThrowsAsync<ProviderException>(() => RequireAsync(Guard(), number == '2' ? "key-3" : "key-2", null));
    }

    /// <summary>What has to be destroyed must not wait for an answer that proves nothing more.</summary>
    [Fact]
    public async Task A_question_that_fails_keeps_nobody_from_the_account_of_the_books()
    {
        var time = new FakeTimeProvider();
        var guard = new AccountGuard(new AccountStore(_database.Source), new AlertStore(_database.Source), time, NullLogger<AccountGuard>.Instance);
        await RequireAsync(guard, "key-1", null);
        await RentAsync();

        foreach (var server in (AccountGuard[])[guard, Guard()])
        {
            time.Advance(TimeSpan.FromMinutes(10));
            await server.RequireAsync("vast", _theirs, "key-1", changes: true, Away, default);
            Assert.Equal(ProviderErrorKind.Transient, (await Assert.ThrowsAsync<ProviderException>(() => server.RequireAsync("vast", _theirs, "key-2", changes: true, Away, default))).Kind);
        }

        // Once it says whose it is, a new key of it is taken by the server that has been running all the time.
        time.Advance(TimeSpan.FromMinutes(10));
        await RequireAsync(guard, "key-1", "190001", changes: true);
        await RequireAsync(guard, "key-2", "190001", changes: true);

        static Task<ImmutableArray<string>> Away(CancellationToken _) => throw new ProviderException(ProviderErrorKind.Transient, "away");
    }

    [Fact]
    public async Task Where_nothing_of_ours_is_left_another_account_may_follow()
    {
        var (first, second) = (Guard(), Guard());
        await RequireAsync(first, "key-1", "190001");
        await RequireAsync(second, "key-2", "190002");
        await RentAsync();

        // The first server has found its key good a moment ago; before it rents it looks again.
        Assert.Equal(ProviderErrorKind.Unauthorized, (await Assert.ThrowsAsync<ProviderException>(() => RequireAsync(first, "key-1", "190001", changes: true))).Kind);
        await RequireAsync(second, "key-2", "190002", changes: true);
    }

    [Fact]
    public async Task An_account_without_money_for_an_hour_is_known()
    {
        var store = new AccountStore(_database.Source);
        await RentAsync();
        await store.SpendableAsync("vast", Money.FromDollars(0.40m), default);

        var account = Assert.Single(await store.ListAsync(BalanceLimits.Age, default));

        Assert.Equal((400_000, 1), (account.SpendableMicros, account.Running));
        var books = new AccountBooks(_database.Source);
        var need = Assert.Single((await books.NeedsAsync(default))["vast"]);
        Assert.Equal((Money.FromDollars(1), null), (need.PerHour, need.Rest));

        // What was expected of it a moment ago counts, less what it has cost since.
        await books.RestAsync(need, Money.FromDollars(5), default);
        Assert.Equal(5, Assert.Single((await books.NeedsAsync(default))["vast"]).Rest!.Value.Dollars, 1);
        await using (var old = _database.Source.CreateCommand("update orchestrator.attempts set rest_at = rest_at - interval '30 minutes'"))
        {
            await old.ExecuteNonQueryAsync();
        }

        Assert.Equal(4.5m, Assert.Single((await books.NeedsAsync(default))["vast"]).Rest!.Value.Dollars, 1);
        await using (var older = _database.Source.CreateCommand("update orchestrator.attempts set rest_at = rest_at - interval '1 hour'"))
        {
            await older.ExecuteNonQueryAsync();
        }

        Assert.Null(Assert.Single((await books.NeedsAsync(default))["vast"]).Rest);
    }

    /// <summary>A server of a newer release may have written it: it costs all the same.</summary>
    [Fact]
    public async Task A_job_that_cannot_be_read_burns_by_its_price()
    {
        await RentAsync();
        await using (var unreadable = _database.Source.CreateCommand("update orchestrator.jobs set state = '{\"phase\":\"Dreaming\"}'"))
        {
            await unreadable.ExecuteNonQueryAsync();
        }

        Assert.Equal(Money.FromDollars(1), Assert.Single((await new AccountBooks(_database.Source).NeedsAsync(default))["vast"]).PerHour);
    }

    private AccountGuard Guard() => new(new AccountStore(_database.Source), new AlertStore(_database.Source), TimeProvider.System, NullLogger<AccountGuard>.Instance);

    private Task RequireAsync(AccountGuard guard, string key, string? mark, bool changes = false) => guard.RequireAsync(
        "vast", _theirs, key, changes,
        _ =>
        {
            _asked++;
            return Task.FromResult<ImmutableArray<string>>(mark is null ? [] : [mark]);
        },
        default);

    private async Task RentAsync()
    {
        var job = await _database.SubmitAsync();
        var lease = await _database.LeaseAsync(job);
        Assert.True(await _database.AppendAsync(lease,
        [
            new AttemptPlanned(1, StoreDatabase.Offer() with { Provider = "vast" }, LaunchToken.For(StoreDatabase.Epoch, job, 1)) { At = lease.Now, Why = "planned" },
            new LaunchSent(1, 1) { At = lease.Now, Why = "sent" },
        ]));
        await _database.Jobs.ReleaseAsync(lease, null, default);
    }
}
