using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Orchestrator.Engine.Store;
using Orchestrator.IntegrationTests.Support;
using Xunit;

namespace Orchestrator.IntegrationTests.Store;

[Collection(PostgresCollection.Name)]
public sealed class MigratorTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Processes_that_migrate_an_empty_database_at_once_all_succeed_and_one_does_the_work()
    {
        var database = await postgres.CreateDatabaseAsync();

        var processes = Enumerable.Range(0, 2).Select(_ => Start(database)).ToList();
        // This process is the third.
        await Migrator.MigrateAsync(database, NullLogger.Instance, default);
        foreach (var process in processes)
        {
            using (process)
            {
                var errors = await process.StandardError.ReadToEndAsync();
                await process.WaitForExitAsync();
                Assert.True(process.ExitCode == 0, errors);
            }
        }

        Assert.Equal(1L, await ScalarAsync(database, "select count(*) from orchestrator.schema_versions where scriptname = '0001_initial'"));
        Assert.Equal(4L, await ScalarAsync(database, "select count(*) from pg_class where relnamespace = 'hangfire'::regnamespace and array_to_string(reloptions, ',') like '%autovacuum_vacuum_threshold=500%'"));
        Assert.Equal(0L, await ScalarAsync(database, "select count(*) from pg_locks where locktype = 'advisory'"));
    }

    [Fact]
    public async Task Migrating_again_changes_nothing()
    {
        var database = await postgres.CreateDatabaseAsync();
        await Migrator.MigrateAsync(database, NullLogger.Instance, default);
        var before = await ScalarAsync(database, "select count(*) from orchestrator.schema_versions");

        await Migrator.MigrateAsync(database, NullLogger.Instance, default);

        Assert.Equal(before, await ScalarAsync(database, "select count(*) from orchestrator.schema_versions"));
    }

    [Fact]
    public async Task A_database_of_a_newer_version_is_refused_by_name()
    {
        var database = await postgres.CreateDatabaseAsync();
        await Migrator.MigrateAsync(database, NullLogger.Instance, default);
        await ScalarAsync(database, "insert into orchestrator.schema_versions (scriptname, applied) values ('9999_from_the_future', now())");

        var refused = await Assert.ThrowsAsync<MigrationException>(() => Migrator.MigrateAsync(database, NullLogger.Instance, default));

        Assert.Contains("9999_from_the_future", refused.Message, StringComparison.Ordinal);
        Assert.Contains("newer version", refused.Message, StringComparison.Ordinal);
    }

    private static Process Start(string database)
    {
        var command = HelperProgram.Command("migrate", database);
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardError = true };
        return Process.Start(start)!;
    }

    private static async Task<object?> ScalarAsync(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(database + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
