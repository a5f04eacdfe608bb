using Orchestrator.Server.Configuration;
using Orchestrator.Server.Desk;
using Xunit;

namespace Orchestrator.Tests.Server.Configuration;

public sealed class ConfigurationCheckTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string File => _folder.File("orchestrator.yaml");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Doctor_tells_a_file_that_the_server_does_not_run_with_and_one_that_it_could_not_start_with()
    {
        await System.IO.File.WriteAllTextAsync(File, "server: {port: 8000}\n");
        var running = ServerConfigurationReader.Load(File, isNamed: true);
        Assert.Empty(ConfigurationCheck.Of(running));

        await System.IO.File.WriteAllTextAsync(File, "server: {port: 8001}\n");
        var changed = Assert.Single(ConfigurationCheck.Of(running));
        Assert.Equal("warning", changed.Level);
        Assert.Contains("has changed since the server started", changed.Text, StringComparison.Ordinal);

        await System.IO.File.WriteAllTextAsync(File, "server: {prot: 1}\n");
        var broken = Assert.Single(ConfigurationCheck.Of(running));
        Assert.Equal("bad", broken.Level);
        Assert.Contains("unknown key \"prot\"", broken.Text, StringComparison.Ordinal);
        Assert.Empty(ConfigurationCheck.Of(new ServerConfiguration()));
    }
}
