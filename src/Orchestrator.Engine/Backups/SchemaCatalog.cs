using System.Collections.Immutable;
using Npgsql;
using Orchestrator.Engine.Store;

namespace Orchestrator.Engine.Backups;

/// <summary>What is in our schema. Hangfire's is left out: it is the alarm clock, and winds itself up from ours.</summary>
internal static class SchemaCatalog
{
    internal static string Quoted(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    internal static string Table(string name) => $"{Migrator.Schema}.{Quoted(name)}";

    /// <summary>How rows are written is a matter of settings, which differ between servers.</summary>
    internal static Task SettleAsync(NpgsqlTransaction transaction, CancellationToken cancellation) => transaction.ExecuteAsync(
        "set local datestyle = 'ISO, MDY'; set local intervalstyle = 'postgres'; set local extra_float_digits = 3; set local bytea_output = 'hex'; set local timezone = 'UTC'", null, cancellation);

    /// <summary>Tables with the columns that are stored, those first that others refer to.</summary>
    internal static async Task<ImmutableArray<(string Name, ImmutableArray<string> Columns)>> TablesAsync(NpgsqlTransaction transaction, CancellationToken cancellation)
    {
        var columns = await transaction.ListAsync<Column>(
            """
            select c.relname::text as "table", a.attname::text as name
            from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
            where c.relnamespace = @schema::regnamespace and c.relkind = 'r' order by c.relname, a.attnum
            """,
            new { schema = Migrator.Schema },
            cancellation);
        var references = await transaction.ListAsync<Reference>(
            """
            select f.relname::text as "from", t.relname::text as "to"
            from pg_constraint k join pg_class f on f.oid = k.conrelid join pg_class t on t.oid = k.confrelid
            where k.contype = 'f' and f.relnamespace = @schema::regnamespace
            """,
            new { schema = Migrator.Schema },
            cancellation);
        var byTable = columns.ToLookup(column => column.Table, column => column.Name, StringComparer.Ordinal);
        return [.. CopyOrder.Of(byTable.Select(table => table.Key), references.Select(one => (one.From, one.To))).Select(table => (table, byTable[table].ToImmutableArray()))];
    }

    internal static async Task<ImmutableSortedDictionary<string, long>> SequencesAsync(NpgsqlTransaction transaction, CancellationToken cancellation) =>
        (await transaction.ListAsync<Sequence>(
            "select sequencename::text as name, last_value as last from pg_sequences where schemaname = @schema and last_value is not null", new { schema = Migrator.Schema }, cancellation))
            .ToImmutableSortedDictionary(one => one.Name, one => one.Last, StringComparer.Ordinal);

    private sealed record Column
    {
        public string Table { get; init; } = "";

        public string Name { get; init; } = "";
    }

    private sealed record Reference
    {
        public string From { get; init; } = "";

        public string To { get; init; } = "";
    }

    private sealed record Sequence
    {
        public string Name { get; init; } = "";

        public long Last { get; init; }
    }
}
