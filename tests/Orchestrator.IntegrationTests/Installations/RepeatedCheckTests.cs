using Microsoft.Extensions.Logging.Abstractions;
using Orchestrator.Engine.Installations;
using Orchestrator.IntegrationTests.Store;
using Orchestrator.IntegrationTests.Support;
using Xunit;

namespace Orchestrator.IntegrationTests.Installations;

/// <summary>Every sweep checks the installation: what that costs, and what it must not hold up.</summary>
[Collection(PostgresCollection.Name)]
public sealed class RepeatedCheckTests(PostgresFixture postgres) : IAsyncLifetime
{
    private readonly StoreDatabase _database = new(postgres);
    private readonly string _folder = Directory.CreateTempSubdirectory("orc-installation-").FullName;
    private readonly MemoryMirror _mirror = new();

    public Task InitializeAsync() => _database.InitializeAsync();

    public async Task DisposeAsync()
    {
        await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_check_that_finds_nothing_new_writes_nothing()
    {
        var path = Path.Combine(_folder, "installation.json");
        var installation = await CheckedAsync(path);
        var job = await _database.ConnectingAsync();
        await installation.RecordAttemptAsync(job, 1, default);
        await installation.CheckAsync(default);
        var (text, writes) = (await File.ReadAllTextAsync(path), _mirror.Writes);

        await installation.CheckAsync(default);
        Assert.Equal((text, writes), (await File.ReadAllTextAsync(path), _mirror.Writes));

        // Of an end that was committed by a server that died before it wrote it down.
        await _database.EndAsync(job);
        await installation.CheckAsync(default);
        Assert.NotEqual(text, await File.ReadAllTextAsync(path));
        Assert.Equal(writes + 1, _mirror.Writes);
    }

    [Fact]
    public async Task A_copy_that_was_away_is_caught_up_with()
    {
        var installation = await CheckedAsync(Path.Combine(_folder, "installation.json"));
        var job = await _database.ConnectingAsync();
        _mirror.Away = true;
        await installation.RecordAttemptAsync(job, 1, default);
        _mirror.Away = false;

        await installation.CheckAsync(default);

        Assert.Contains($"\"{job.Value}\": 1", await _mirror.ReadAsync(installation.Epoch, default), StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_transaction_is_open_while_the_store_is_asked()
    {
        var installation = await CheckedAsync(Path.Combine(_folder, "installation.json"));
        List<object?> open = [];
        _mirror.WhileReading = async () =>
            open.Add(await _database.ScalarAsync("select count(*) from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'"));

        await installation.CheckAsync(default);

        Assert.Equal([0L], open);
    }

    private async Task<Installation> CheckedAsync(string path)
    {
        var installation = new Installation(_database.Source, path, _mirror, () => "key-1", TimeProvider.System, NullLogger<Installation>.Instance);
        await installation.CheckAsync(default);
        return installation;
    }
}
