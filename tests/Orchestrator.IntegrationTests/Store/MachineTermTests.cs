using Npgsql;
using Orchestrator.Engine.Store;
using Orchestrator.IntegrationTests.Support;
using Orchestrator.Providers.SshHost;
using Xunit;

namespace Orchestrator.IntegrationTests.Store;

/// <summary>Two servers that read different configurations.</summary>
[Collection(PostgresCollection.Name)]
public sealed class MachineTermTests(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    private static readonly DateTimeOffset _written = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task The_newest_configuration_counts_until_nobody_says_it_any_more()
    {
        var (older, newer) = (new MachineTermStore(database.Source, _written), new MachineTermStore(database.Source, _written.AddHours(1)));
        var (short_, long_) = (Machines(expires: _written.AddDays(1)), Machines(expires: _written.AddDays(5)));
        Assert.Equal<string>(["one", "two"], (await older.SettledAsync(short_, default)).Order(StringComparer.Ordinal));

        // What both read alike is settled by either; "one" is the newer one's alone, however often the older one asks.
        Assert.Equal(2, (await newer.SettledAsync(long_, default)).Count);
        Assert.Equal("two", Assert.Single(await older.SettledAsync(short_, default)));
        Assert.Equal("two", Assert.Single(await older.SettledAsync(short_, default)));
        Assert.Equal(2, (await newer.SettledAsync(long_, default)).Count);

        await database.ScalarAsync("update orchestrator.machine_terms set said_at = now() - interval '11 minutes'");
        Assert.Equal(2, (await older.SettledAsync(short_, default)).Count);
        // It is back, and newer still.
        Assert.Equal(2, (await newer.SettledAsync(long_, default)).Count);
        Assert.Equal("two", Assert.Single(await older.SettledAsync(short_, default)));
    }

    [Fact]
    public async Task Without_a_database_nothing_is_settled()
    {
        await using var nowhere = NpgsqlDataSource.Create("Host=/nonexistent;Username=nobody;Timeout=1");

        Assert.Empty(await new MachineTermStore(nowhere, _written).SettledAsync(Machines(_written), default));
    }

    private static SshMachine[] Machines(DateTimeOffset expires) => [Machine("one") with { Expires = expires }, Machine("two")];

    private static SshMachine Machine(string name) => new() { Address = new() { Name = name, Host = name, User = "me" } };
}
