using Npgsql;

namespace Orchestrator.IntegrationTests.Support;

/// <summary>Single statements on connections that are really closed afterwards.</summary>
internal static class Sql
{
    internal static async Task<NpgsqlConnection> OpenAsync(string connectionString)
    {
        var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        return connection;
    }

    internal static async Task<object?> ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = await OpenAsync(connectionString);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
