using System.Data;
using Dapper;
using Npgsql;

namespace Orchestrator.Engine.Store;

/// <summary>How every store talks to PostgreSQL: one statement or one short transaction at a time, always with the caller's token.</summary>
internal static class Sql
{
    // Dapper's only global setting, made before its first use here: instants are DateTimeOffset in UTC.
    static Sql() => SqlMapper.AddTypeHandler(new InstantHandler());

    internal static async Task<List<T>> ListAsync<T>(this NpgsqlDataSource source, string sql, object? arguments, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        return (await connection.QueryAsync<T>(new CommandDefinition(sql, arguments, cancellationToken: cancellation))).AsList();
    }

    /// <summary>The first row, or the type's default where there is none.</summary>
    internal static async Task<T?> FirstAsync<T>(this NpgsqlDataSource source, string sql, object? arguments, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        return await connection.QueryFirstOrDefaultAsync<T>(new CommandDefinition(sql, arguments, cancellationToken: cancellation));
    }

    /// <returns>Rows touched.</returns>
    internal static async Task<int> ExecuteAsync(this NpgsqlDataSource source, string sql, object? arguments, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        return await connection.ExecuteAsync(new CommandDefinition(sql, arguments, cancellationToken: cancellation));
    }

    /// <summary>Several questions in one round trip.</summary>
    internal static async Task<SqlMapper.GridReader> SeveralAsync(this NpgsqlConnection connection, string sql, object? arguments, NpgsqlTransaction? transaction, CancellationToken cancellation) =>
        await connection.QueryMultipleAsync(new CommandDefinition(sql, arguments, transaction, cancellationToken: cancellation));

    internal static async Task<T?> FirstAsync<T>(this NpgsqlTransaction transaction, string sql, object? arguments, CancellationToken cancellation) =>
        await transaction.Connection!.QueryFirstOrDefaultAsync<T>(new CommandDefinition(sql, arguments, transaction, cancellationToken: cancellation));

    internal static async Task<List<T>> ListAsync<T>(this NpgsqlTransaction transaction, string sql, object? arguments, CancellationToken cancellation) =>
        (await transaction.Connection!.QueryAsync<T>(new CommandDefinition(sql, arguments, transaction, cancellationToken: cancellation))).AsList();

    internal static Task<int> ExecuteAsync(this NpgsqlTransaction transaction, string sql, object? arguments, CancellationToken cancellation) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(sql, arguments, transaction, cancellationToken: cancellation));

    /// <summary>PostgreSQL stores no NUL and no half of a surrogate pair; hosts may send either.</summary>
    internal static string Clean(string text, int limit = 4000)
    {
        var cut = text.Length > limit ? text[..limit] : text;
        var clean = true;
        foreach (var c in cut)
        {
            clean &= c != '\0' && !char.IsSurrogate(c);
        }

        // Encoding replaces lone halves and keeps true pairs.
        return clean ? cut : System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(cut)).Replace('\0', '\uFFFD');
    }

    private sealed class InstantHandler : SqlMapper.TypeHandler<DateTimeOffset>
    {
        public override DateTimeOffset Parse(object value) => value switch
        {
            DateTime utc => new DateTimeOffset(DateTime.SpecifyKind(utc, DateTimeKind.Utc)),
            DateTimeOffset instant => instant.ToUniversalTime(),
            _ => throw new InvalidCastException($"{value.GetType()} is no instant"),
        };

        public override void SetValue(IDbDataParameter parameter, DateTimeOffset value) => parameter.Value = value.ToUniversalTime();
    }
}
