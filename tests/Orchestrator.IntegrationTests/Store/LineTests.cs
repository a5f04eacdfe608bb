using Npgsql;
using Orchestrator.Engine.Store;
using Orchestrator.IntegrationTests.Support;
using Orchestrator.Protocol;
using Orchestrator.Providers;
using Xunit;

namespace Orchestrator.IntegrationTests.Store;

/// <summary>What hosts' transfers reached, from the agent's word to the planner's memory and the machine's offers.</summary>
[Collection(PostgresCollection.Name)]
public sealed class LineTests(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    [Fact]
    public async Task The_best_of_an_attempt_is_kept_and_what_was_too_little_to_tell_is_not()
    {
        var job = await database.ConnectingAsync(host: "ssh/near");
        await database.ConnectingAsync("silent", host: "ssh/silent");
        await database.ScalarAsync("update orchestrator.attempts set provider = 'ssh'");
        var channel = await database.ChannelAsync(job);
        var memory = new MarketMemoryStore(database.Source, TimeProvider.System);

        await database.Agents.StoreEventsAsync(channel, [Staged(1, new(1_000_000, TimeSpan.FromSeconds(1))), Staged(2, null), Stored(3, null)], default);
        Assert.Empty(await new MachineLineStore(database.Source).ListAsync(default));
        Assert.Empty((await memory.LoadAsync(DateTimeOffset.UtcNow, default)).Transfers);

        await database.Agents.StoreEventsAsync(channel, [Stored(4, new(100_000_000, TimeSpan.FromSeconds(1))), Stored(5, new(100_000_000, TimeSpan.FromSeconds(8)))], default);
        await database.Agents.StoreEventsAsync(channel, [Stored(6, new(100_000_000, TimeSpan.FromSeconds(4)))], default);

        var line = Assert.Single(await new MachineLineStore(database.Source).ListAsync(default)).Value;
        Assert.Equal(("ssh/near", null, 800d), (line.Host, line.DownMbps, line.UpMbps));
        var seen = Assert.Single((await memory.LoadAsync(DateTimeOffset.UtcNow, default)).Transfers);
        Assert.Equal(("ssh/near", null, 800d), (seen.Place.Host!, seen.DownMbps, seen.UpMbps));
    }

    [Fact]
    public async Task Without_a_database_nobody_knows()
    {
        await using var nowhere = NpgsqlDataSource.Create("Host=/nonexistent;Username=nobody;Timeout=1");

        Assert.Equal(ProviderErrorKind.Transient, (await Assert.ThrowsAsync<ProviderException>(() => new MachineLineStore(nowhere).ListAsync(default))).Kind);
    }

    private static FilesStaged Staged(long seq, LineUse? line) => new(null, 0) { Seq = seq, At = DateTimeOffset.UtcNow, Line = line };

    private static CheckpointStored Stored(long seq, LineUse? line) => new(1, "key", "step-1", 1, 1, 1, TimeSpan.Zero) { Seq = seq, At = DateTimeOffset.UtcNow, Line = line };
}
