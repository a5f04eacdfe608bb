using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Orchestrator.Engine.Embedded;
using Orchestrator.Engine.Processes;
using Orchestrator.IntegrationTests.Support;
using Xunit;

namespace Orchestrator.IntegrationTests.Embedded;

public sealed class EmbeddedPostgresKeeperTests
{
    [Fact]
    public async Task A_killed_cluster_is_started_again_while_a_server_runs()
    {
        await using var cluster = new TemporaryCluster();
        await using var source = NpgsqlDataSource.Create(await cluster.StartAsync());
        using var keeper = new EmbeddedPostgresKeeper(cluster.DataFolder, source, TimeSpan.FromMilliseconds(200), NullLogger<EmbeddedPostgresKeeper>.Instance);
        await keeper.StartAsync(default);
        var killed = EmbeddedPostgres.Status(cluster.DataFolder).Pid!.Value;

        Assert.True(ProcessIdentity.Of(killed)!.TrySignal(9));

        await Eventually.TrueAsync(
            () => EmbeddedPostgres.Status(cluster.DataFolder) is { Running: true, Pid: { } pid } && pid != killed, "the cluster runs again", TimeSpan.FromSeconds(60));
        await keeper.StopAsync(default);
        await cluster.StartAsync();
        Assert.Equal(1, await Sql.ExecuteAsync(cluster.ConnectionString, "select 1"));
    }
}
