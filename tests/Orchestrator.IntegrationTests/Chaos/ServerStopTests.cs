using Orchestrator.Engine.Embedded;
using Xunit;

namespace Orchestrator.IntegrationTests.Chaos;

/// <summary>A person ends the server of a data folder.</summary>
public sealed class ServerStopTests : IAsyncLifetime
{
    private readonly TestServer _server = new();

    public Task InitializeAsync() => _server.InitializeAsync();

    public Task DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_configuration_that_cannot_be_read_by_now_keeps_neither_the_server_nor_its_database_running()
    {
        Assert.NotNull(EmbeddedPostgres.Status(_server.Site.Data).Pid);
        await File.WriteAllTextAsync(Path.Combine(_server.Site.Data, "orchestrator.yaml"), "machines: {bad: [\n");

        var stopped = await _server.Orc("server", "stop");

        Assert.True(stopped.ExitCode == 0, stopped.Errors);
        Assert.True(_server.Server.HasExited);
        Assert.Null(EmbeddedPostgres.Status(_server.Site.Data).Pid);
    }
}
