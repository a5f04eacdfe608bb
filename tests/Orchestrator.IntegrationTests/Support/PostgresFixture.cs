using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Orchestrator.Engine.Embedded;
using Xunit;

namespace Orchestrator.IntegrationTests.Support;

/// <summary>
/// One real cluster for the suite. Use: <c>[Collection(PostgresCollection.Name)]</c> on the class, the fixture as a
/// constructor parameter, and a database of its own for each class or test.
/// </summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    private readonly TemporaryCluster _cluster = new();
    private int _databases;

    /// <summary>Connection string of the cluster's own database; for looking around, not for tests' tables.</summary>
    public string ConnectionString { get; private set; } = "";

    /// <summary>The data folder of the cluster, for tests that stop and start PostgreSQL itself; such a test spoils it for others that run at the time.</summary>
    public string DataFolder => _cluster.DataFolder;

    public async Task InitializeAsync() => ConnectionString = await _cluster.StartAsync();

    /// <summary>Makes an empty database and returns its connection string. At most 10 connections per string: the cluster has 100.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"test_{Interlocked.Increment(ref _databases)}");
        await using var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var create = new NpgsqlCommand("create database " + name, connection);
        await create.ExecuteNonQueryAsync();
        return new NpgsqlConnectionStringBuilder(ConnectionString) { Database = name, MaxPoolSize = 10, ConnectionIdleLifetime = 4, ConnectionPruningInterval = 2 }.ConnectionString;
    }

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    /// <summary>Starts the suite's cluster again after a test has stopped it.</summary>
    public Task<string> StartAgainAsync() => EmbeddedPostgres.EnsureRunningAsync(DataFolder, NullLogger.Instance, CancellationToken.None);
}
