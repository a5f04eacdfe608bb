using System.Text;
using Npgsql;
using Orchestrator.Engine.Store;

namespace Orchestrator.Engine.Backups;

/// <summary>
/// Puts a backup's tables into a database, in one transaction: all of it or nothing. The scripts make the schema as it was, the
/// rows come in, the scripts that are newer than the backup follow; and the database says that it was restored, so that every
/// server on it is in recovered mode until a person has looked.
/// </summary>
public static class DatabaseRestore
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(3);

    /// <summary>Throws <see cref="BackupException"/>; nothing has changed then.</summary>
    /// <param name="archive">Verified.</param>
    /// <param name="connectionString">Of a database that no server is on.</param>
    /// <param name="force">Also in place of what is there.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task<RestoredRows> RunAsync(BackupArchive archive, string connectionString, bool force, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(archive);
        var manifest = archive.Manifest;
        RefuseNewer(manifest);
        try
        {
            await using var connection = new NpgsqlConnection(BackupConnection.Of(connectionString));
            await connection.OpenAsync(cancellation);
            await using var transaction = await connection.BeginTransactionAsync(cancellation);
            await Migrator.LockAsync(transaction, cancellation);
            await RefuseServersAsync(transaction, cancellation);
            await RefuseContentsAsync(transaction, force, cancellation);
            await Migrator.BeginAgainAsync(transaction, manifest.Migrations, cancellation);
            await FillAsync(archive, transaction, cancellation);
            await Migrator.ContinueAsync(transaction, cancellation);
            await transaction.ExecuteAsync("update orchestrator.installation set restored_from = @at", new { at = manifest.At }, cancellation);
            var rows = await transaction.FirstAsync<RestoredRows>(
                """
                select (select count(*) from orchestrator.jobs) as jobs, (select count(*) from orchestrator.jobs where ended_at is null) as live,
                    (select count(*) from orchestrator.tokens where revoked_at is null and (expires_at is null or expires_at > clock_timestamp())) as tokens
                """,
                null,
                cancellation);
            await transaction.CommitAsync(cancellation);
            return rows!;
        }
        catch (PostgresException refused)
        {
            throw new BackupException(
                refused.SqlState == PostgresErrorCodes.DiskFull ? "the disk of the database is full; nothing was changed" : $"the database refuses the backup, and nothing was changed: {refused.MessageText}",
                refused.SqlState == PostgresErrorCodes.DiskFull ? "make room there, and restore again" : "see whether its user may make schemas there",
                refused);
        }
    }

    private static void RefuseNewer(BackupManifest manifest)
    {
        var known = Migrator.Names().ToHashSet(StringComparer.Ordinal);
        if (manifest.Migrations.FirstOrDefault(name => !known.Contains(name)) is { } newer)
        {
            throw new BackupException($"the backup was made by orchestrator {manifest.Version}, which is newer than this program (it has the migration {newer})", "restore it with that version or a later one");
        }
    }

    private static async Task RefuseServersAsync(NpgsqlTransaction transaction, CancellationToken cancellation)
    {
        // Those of a server that has just ended go within a moment.
        var started = TimeProvider.System.GetTimestamp();
        while (await OthersAsync(transaction, cancellation) is > 0 and var others)
        {
            if (TimeProvider.System.GetElapsedTime(started) < _patience)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), cancellation);
                continue;
            }

            throw new BackupException($"{others} other connection{(others == 1 ? " is" : "s are")} open to the database", "stop the servers that use it, and what else looks at it, then restore");
        }
    }

    private static async Task<long> OthersAsync(NpgsqlTransaction transaction, CancellationToken cancellation)
    {
        // Else it is what it was when the transaction first looked.
        await transaction.ExecuteAsync("select pg_stat_clear_snapshot()", null, cancellation);
        return await transaction.FirstAsync<long>(
            "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'", null, cancellation);
    }

    private static async Task RefuseContentsAsync(NpgsqlTransaction transaction, bool force, CancellationToken cancellation)
    {
        if (force || !await transaction.FirstAsync<bool>("select to_regclass('orchestrator.installation') is not null and to_regclass('orchestrator.jobs') is not null", null, cancellation))
        {
            return;
        }

        var jobs = await transaction.FirstAsync<long>("select count(*) from orchestrator.jobs", null, cancellation);
        if (jobs > 0 || await transaction.FirstAsync<string>("select epoch from orchestrator.installation", null, cancellation) is not null)
        {
            throw new BackupException($"the database is not empty: an installation with {jobs} job{(jobs == 1 ? "" : "s")} lives in it", "restore into a data folder of its own with --data; or back this one up, and say --force to replace it") { NeedsForce = true };
        }
    }

    private static async Task FillAsync(BackupArchive archive, NpgsqlTransaction transaction, CancellationToken cancellation)
    {
        await SchemaCatalog.SettleAsync(transaction, cancellation);
        var tables = await SchemaCatalog.TablesAsync(transaction, cancellation);
        var stored = archive.Manifest.Tables.ToDictionary(table => table.Name, StringComparer.Ordinal);
        if (stored.Count != tables.Length || tables.Any(table => !stored.TryGetValue(table.Name, out var one) || !one.Columns.ToHashSet(StringComparer.Ordinal).SetEquals(table.Columns)))
        {
            throw new BackupException("the tables of the backup are not those of the version that it says made it", "take another backup");
        }

        // What the scripts put there themselves is in the backup too.
        await transaction.ExecuteAsync($"truncate {string.Join(", ", tables.Select(table => SchemaCatalog.Table(table.Name)))}", null, cancellation);
        foreach (var (name, _) in tables)
        {
            await CopyAsync(archive, transaction.Connection!, stored[name], cancellation);
        }

        foreach (var (sequence, last) in archive.Manifest.Sequences)
        {
            await transaction.FirstAsync<long>("select setval(@name::regclass, @last)", new { name = SchemaCatalog.Table(sequence), last }, cancellation);
        }
    }

    private static async Task CopyAsync(BackupArchive archive, NpgsqlConnection connection, BackupTable table, CancellationToken cancellation)
    {
        await using (var rows = await connection.BeginTextImportAsync(
            $"copy {SchemaCatalog.Table(table.Name)} ({string.Join(", ", table.Columns.Select(SchemaCatalog.Quoted))}) from stdin", cancellation))
        {
            using var content = new StreamReader(archive.OpenTable(table.Name), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), detectEncodingFromByteOrderMarks: false);
            var buffer = new char[64 * 1024];
            while (await content.ReadAsync(buffer.AsMemory(), cancellation) is > 0 and var length)
            {
                await rows.WriteAsync(buffer.AsMemory(0, length), cancellation);
            }
        }

        await using var count = new NpgsqlCommand($"select count(*) from {SchemaCatalog.Table(table.Name)}", connection);
        if (await count.ExecuteScalarAsync(cancellation) is not long found || found != table.Rows)
        {
            throw new BackupException($"of the table {table.Name} not all rows came back", "take another backup");
        }
    }
}
