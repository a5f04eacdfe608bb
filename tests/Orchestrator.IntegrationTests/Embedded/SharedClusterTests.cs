using Orchestrator.IntegrationTests.Support;
using Xunit;

namespace Orchestrator.IntegrationTests.Embedded;

[Collection(PostgresCollection.Name)]
public sealed class SharedClusterTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Every_database_of_the_fixture_is_empty_and_its_own()
    {
        var first = await postgres.CreateDatabaseAsync();
        var second = await postgres.CreateDatabaseAsync();

        await Sql.ExecuteAsync(first, "create table t (x int)");
        await Sql.ExecuteAsync(second, "create table t (x int)");

        Assert.NotEqual(first, second);
    }

    [Theory]
    [InlineData("fsync", "on")]
    [InlineData("synchronous_commit", "on")]
    [InlineData("full_page_writes", "on")]
    [InlineData("data_checksums", "on")]
    [InlineData("listen_addresses", "")]
    [InlineData("shared_buffers", "64MB")]
    [InlineData("max_connections", "300")]
    [InlineData("TimeZone", "UTC")]
    [InlineData("server_encoding", "UTF8")]
    [InlineData("lc_collate", "C")]
    public async Task The_cluster_runs_with_the_settings_we_promise(string setting, string expected)
    {
        var actual = setting == "lc_collate"
            ? await Sql.ExecuteAsync(postgres.ConnectionString, "select datcollate from pg_database where datname = current_database()")
            : await Sql.ExecuteAsync(postgres.ConnectionString, "show " + setting);

        Assert.Equal(expected, actual);
    }
}
