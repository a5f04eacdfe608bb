using System.Reflection;
using DbUp;
using DbUp.Engine;
using Hangfire.PostgreSql;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Orchestrator.Engine.Store;

/// <summary>
/// Brings a database to this program's schema, Hangfire's tables included. Any number of servers may do so at once: DbUp takes
/// no lock of its own, so all of it happens under an advisory one.
/// </summary>
public static partial class Migrator
{
    internal const string Schema = "orchestrator";
    private const string Journal = "schema_versions";

    // Any number will do, as long as it never changes: all releases must agree on it.
    private const long LockKey = 7_164_295_301_577;

    private static readonly string[] _churning = ["job", "jobqueue", "lock", "state"];

    /// <summary>Throws <see cref="MigrationException"/> where the database is newer than this program, or a script fails.</summary>
    public static async Task MigrateAsync(string connectionString, ILogger log, CancellationToken cancellation)
    {
        // Unpooled: the lock ends with the connection, whatever happens to us.
        var unpooled = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, Enlist = false }.ConnectionString;
        await using var connection = new NpgsqlConnection(unpooled);
        await connection.OpenAsync(cancellation);
        await ExecuteAsync(connection, $"select pg_advisory_lock({LockKey})", cancellation);

        var scripts = Scripts();
        await RefuseNewerAsync(connection, scripts, cancellation);
        await ExecuteAsync(connection, $"create schema if not exists {Schema}", cancellation);
        PostgreSqlObjectsInstaller.Install(connection, "hangfire");
        // Several of their rows are written and deleted per job. In no script: a restored database has the scripts, and gets these tables here.
        await ExecuteAsync(
            connection,
            string.Concat(_churning.Select(table => $"alter table hangfire.{table} set (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 500);")),
            cancellation);

        var result = await Task.Run(() => Upgrade(unpooled, scripts), cancellation);
        if (!result.Successful)
        {
            throw new MigrationException($"the database cannot be migrated: script {result.ErrorScript?.Name ?? "?"} failed: {result.Error.Message}", result.Error);
        }

        foreach (var script in result.Scripts)
        {
            log.LogInformation("database migrated: {Script}", script.Name);
        }
    }

    private static DatabaseUpgradeResult Upgrade(string connectionString, IReadOnlyList<SqlScript> scripts) =>
        DeployChanges.To.PostgresqlDatabase(connectionString)
            .WithScripts(scripts)
            .JournalToPostgresqlTable(Schema, Journal)
            .WithVariablesDisabled()
            .WithTransactionPerScript()
            .WithExecutionTimeout(TimeSpan.FromMinutes(30))
            .LogToNowhere()
            .Build()
            .PerformUpgrade();

    /// <summary>Named by their file alone: the journal must not depend on how the assembly is laid out.</summary>
    private static List<SqlScript> Scripts()
    {
        const string folder = ".Migrations.";
        var assembly = Assembly.GetExecutingAssembly();
        var scripts = new List<SqlScript>();
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.Contains(folder, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            var name = resource[(resource.LastIndexOf(folder, StringComparison.Ordinal) + folder.Length)..];
            scripts.Add(new SqlScript(Path.GetFileNameWithoutExtension(name), reader.ReadToEnd()));
        }

        return scripts;
    }

    private static async Task RefuseNewerAsync(NpgsqlConnection connection, IReadOnlyList<SqlScript> scripts, CancellationToken cancellation)
    {
        await using var exists = new NpgsqlCommand($"select to_regclass('{Schema}.{Journal}') is not null", connection);
        if (await exists.ExecuteScalarAsync(cancellation) is not true)
        {
            return;
        }

        var known = scripts.Select(script => script.Name).ToHashSet(StringComparer.Ordinal);
        await using var command = new NpgsqlCommand($"select scriptname from {Schema}.{Journal} order by scriptname", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            var name = reader.GetString(0);
            if (!known.Contains(name))
            {
                throw new MigrationException(
                    $"the database {connection.Database} belongs to a newer version of orchestrator (it has the migration {name}, which this version does not know); install that version or a later one");
            }
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        // No time-out: another server's migration may take its time, and the token ends the wait.
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
