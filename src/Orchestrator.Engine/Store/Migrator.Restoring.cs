using Npgsql;

namespace Orchestrator.Engine.Store;

/// <summary>
/// The schema of a backup, made anew within the transaction that fills it. DbUp commits by itself, so the same scripts are run
/// here without it, and noted in the journal as it notes them.
/// </summary>
public static partial class Migrator
{
    /// <summary>The scripts' names, in order.</summary>
    internal static IEnumerable<string> Names() => Scripts().Select(script => script.Name);

    /// <summary>Those that a database has seen, in order.</summary>
    internal static async Task<IReadOnlyList<string>> AppliedAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand($"select scriptname from {Schema}.{Journal} order by scriptname", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var names = new List<string>();
        while (await reader.ReadAsync(cancellation))
        {
            names.Add(reader.GetString(0));
        }

        return names;
    }

    /// <summary>Holds off servers that start, until the transaction ends.</summary>
    internal static Task LockAsync(NpgsqlTransaction transaction, CancellationToken cancellation) => ExecuteAsync(transaction.Connection!, $"select pg_advisory_xact_lock({LockKey})", cancellation);

    /// <summary>Drops what is there and makes the schema as those scripts left it. Hangfire's is made at the next start.</summary>
    internal static async Task BeginAgainAsync(NpgsqlTransaction transaction, IReadOnlyCollection<string> names, CancellationToken cancellation)
    {
        await ExecuteAsync(
            transaction.Connection!,
            $"""
            drop schema if exists {Schema} cascade;
            drop schema if exists hangfire cascade;
            create schema {Schema};
            create table {Schema}.{Journal} (schemaversionsid serial constraint "PK_{Journal}_Id" primary key, scriptname varchar(255) not null, applied timestamp not null)
            """,
            cancellation);
        foreach (var script in Scripts().Where(script => names.Contains(script.Name, StringComparer.Ordinal)))
        {
            await ExecuteAsync(transaction.Connection!, script.Contents, cancellation);
        }
    }

    /// <summary>Runs the scripts that the journal lacks.</summary>
    internal static async Task ContinueAsync(NpgsqlTransaction transaction, CancellationToken cancellation)
    {
        var done = await AppliedAsync(transaction.Connection!, cancellation);
        foreach (var script in Scripts().Where(script => !done.Contains(script.Name, StringComparer.Ordinal)))
        {
            await ExecuteAsync(transaction.Connection!, script.Contents, cancellation);
            await using var note = new NpgsqlCommand($"insert into {Schema}.{Journal} (scriptname, applied) values ($1, now())", transaction.Connection) { Parameters = { new() { Value = script.Name } } };
            await note.ExecuteNonQueryAsync(cancellation);
        }
    }
}
