using System.Collections.Immutable;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Npgsql;
using Orchestrator.Engine.Configuration;
using Orchestrator.Engine.Processes;
using Orchestrator.Engine.Store;

namespace Orchestrator.Engine.Backups;

/// <summary>
/// Writes a backup: the tables as one transaction sees them, and the files that belong to them. By COPY and not by pg_dump,
/// which the machine of a server whose database is elsewhere need not have.
/// </summary>
public static class BackupWriter
{
    private const int BufferLength = 64 * 1024;
    private static readonly TimeSpan _rotationLimit = TimeSpan.FromMinutes(2);

    /// <summary>Makes the file with everything in it, readable by its owner only, or leaves none.</summary>
    /// <param name="path">Must not exist.</param>
    /// <param name="connection">Of the database.</param>
    /// <param name="folder">The installation's.</param>
    /// <param name="configuration">Its orchestrator.yaml; null = it has none.</param>
    /// <param name="version">Of this program.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task<BackupManifest> WriteAsync(string path, string connection, DataFolder folder, string? configuration, string version, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(folder);
        var full = Path.GetFullPath(path);
        if (File.Exists(full))
        {
            throw new BackupException($"{full} exists", "name a new file");
        }

        var unfinished = $"{full}.{Guid.NewGuid():n}.unfinished";
        try
        {
            BackupManifest manifest;
            await using (var file = new FileStream(unfinished, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                Options = FileOptions.Asynchronous,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }))
            {
                manifest = await WriteAsync(file, connection, folder, configuration, version, cancellation);
                await file.FlushAsync(cancellation);
                file.Flush(flushToDisk: true);
            }

            File.Move(unfinished, full, overwrite: false);
            PosixFiles.Flush(Path.GetDirectoryName(full)!);
            return manifest;
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw new BackupException($"the backup cannot be written to {full}: {failed.Message}", "make room there, or name a file elsewhere; nothing is left of it", failed);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    private static async Task<BackupManifest> WriteAsync(Stream output, string connectionString, DataFolder folder, string? configuration, string version, CancellationToken cancellation)
    {
        // No rotation meanwhile: the secrets in the database and the key beside them belong together.
        using var rotation = await FileLock.AcquireAsync(folder.SecretsKeyFile + ".lock", _rotationLimit, cancellation);
        await using var connection = new NpgsqlConnection(BackupConnection.Of(connectionString));
        await connection.OpenAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellation);
        await SchemaCatalog.SettleAsync(transaction, cancellation);
        var (epoch, at) = await HeadAsync(transaction, cancellation);
        using var archive = new ZipArchive(output, ZipArchiveMode.Create, leaveOpen: true);
        var tables = ImmutableArray.CreateBuilder<BackupTable>();
        foreach (var (table, columns) in await SchemaCatalog.TablesAsync(transaction, cancellation))
        {
            tables.Add(await TableAsync(archive, connection, table, columns, cancellation));
        }

        var manifest = new BackupManifest
        {
            Format = BackupManifest.CurrentFormat,
            Version = version,
            At = at,
            Epoch = epoch,
            Postgres = connection.PostgreSqlVersion.ToString(),
            Migrations = [.. await Migrator.AppliedAsync(connection, cancellation)],
            Tables = tables.ToImmutable(),
            // After the rows: a number that was given out meanwhile is behind none of theirs.
            Sequences = await SchemaCatalog.SequencesAsync(transaction, cancellation),
            // Last, so that the record of what was launched is not behind the database.
            Files = [.. Files(archive, folder, configuration)],
        };
        Put(archive, BackupArchive.ManifestEntry, BackupJson.Write(manifest));
        return manifest;
    }

    private static async Task<(string Epoch, DateTimeOffset At)> HeadAsync(NpgsqlTransaction transaction, CancellationToken cancellation)
    {
        if (await transaction.FirstAsync<bool>("select to_regclass('orchestrator.installation') is not null", null, cancellation)
            && await transaction.FirstAsync<string>("select epoch from orchestrator.installation", null, cancellation) is { } epoch)
        {
            return (epoch, await transaction.FirstAsync<DateTimeOffset>("select now()", null, cancellation));
        }

        throw new BackupException("there is nothing to back up: no server has started on this database yet", "name the installation with --data");
    }

    private static async Task<BackupTable> TableAsync(ZipArchive archive, NpgsqlConnection connection, string table, ImmutableArray<string> columns, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var entry = archive.CreateEntry(BackupArchive.TableEntry(table), CompressionLevel.Fastest).Open();
        using var rows = await connection.BeginTextExportAsync($"copy {SchemaCatalog.Table(table)} ({string.Join(", ", columns.Select(SchemaCatalog.Quoted))}) to stdout", cancellation);
        // One for the whole table: a character may lie across two buffers.
        var encoder = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false).GetEncoder();
        var characters = new char[BufferLength];
        var bytes = new byte[Encoding.UTF8.GetMaxByteCount(BufferLength + 1)];
        var count = 0L;
        while (await rows.ReadAsync(characters.AsMemory(), cancellation) is > 0 and var length)
        {
            var written = encoder.GetBytes(characters.AsSpan(0, length), bytes, flush: false);
            // A line break within a value is written as two other characters.
            count += bytes.AsSpan(0, written).Count((byte)'\n');
            hash.AppendData(bytes.AsSpan(0, written));
            await entry.WriteAsync(bytes.AsMemory(0, written), cancellation);
        }

        return new(table, columns, count, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    private static IEnumerable<BackupFile> Files(ZipArchive archive, DataFolder folder, string? configuration)
    {
        foreach (var (name, path) in BackedUpFiles.Of(folder, configuration))
        {
            var content = File.ReadAllBytes(path);
            Put(archive, BackupArchive.FileEntry(name), content);
            yield return new(name, content.Length, Convert.ToHexStringLower(SHA256.HashData(content)));
        }
    }

    private static void Put(ZipArchive archive, string name, byte[] content)
    {
        using var entry = archive.CreateEntry(name, CompressionLevel.Fastest).Open();
        entry.Write(content);
    }
}
