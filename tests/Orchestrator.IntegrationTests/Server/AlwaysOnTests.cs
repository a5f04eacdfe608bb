using System.Net;
using Orchestrator.Engine.Telemetry;
using Orchestrator.IntegrationTests.Support;
using Orchestrator.Server.Cli;
using Xunit;

namespace Orchestrator.IntegrationTests.Server;

/// <summary>What is asked of a server that is left running, from elsewhere.</summary>
[Collection(PostgresCollection.Name)]
public sealed class AlwaysOnTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    [Fact]
    public async Task Prometheus_reads_figures_with_a_token_and_nobody_without()
    {
        using var stranger = server.Client();
        using var client = server.Client(server.Token);

        using var refused = await stranger.GetAsync("/metrics");
        var text = await client.GetStringAsync("/metrics");

        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Contains("\norchestrator_books_readable 1", text, StringComparison.Ordinal);
        Assert.Contains("\norchestrator_jobs{state=\"active\"} 0", text, StringComparison.Ordinal);
        Assert.Contains("\norchestrator_cost_dollars_per_hour{provider=\"local\"} 0", text, StringComparison.Ordinal);
        Assert.DoesNotContain(server.Token, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_has_signed_in_needs_neither_address_nor_token()
    {
        var settings = Directory.CreateTempSubdirectory("orc-settings-").FullName;
        try
        {
            Assert.Equal(0, (await OrcAsync(settings, server.Token, "login", server.Url.ToString(), "--name", "lab")).Code);
            var (code, output) = await OrcAsync(settings, "", "server", "status");

            Assert.Equal(0, code);
            Assert.Contains($"running at {server.Url.ToString().TrimEnd('/')}", output, StringComparison.Ordinal);
            Assert.Equal(3, (await OrcAsync(settings, "orc_wrong", "login", server.Url.ToString(), "--name", "other")).Code);
            Assert.DoesNotContain("other", (await OrcAsync(settings, "", "context", "list")).Output, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(settings, recursive: true);
        }
    }

    private static async Task<(int Code, string Output)> OrcAsync(string settings, string input, params string[] arguments)
    {
        using var output = new StringWriter();
        var code = await CommandLine.RunAsync(
            arguments, new Terminal(output, output, new StringReader(input), false, false, 80) { Variable = name => name == "XDG_CONFIG_HOME" ? settings : null });
        return (code, output.ToString());
    }
}
