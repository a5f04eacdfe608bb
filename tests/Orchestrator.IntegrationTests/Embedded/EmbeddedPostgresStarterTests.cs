using System.Diagnostics;
using Orchestrator.Engine.Embedded;
using Orchestrator.Engine.Processes;
using Orchestrator.IntegrationTests.Support;
using Xunit;

namespace Orchestrator.IntegrationTests.Embedded;

/// <summary>A second process starts the cluster, as a server would.</summary>
public sealed class EmbeddedPostgresStarterTests : IAsyncLifetime
{
    private readonly TemporaryCluster _cluster = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task The_cluster_survives_kill_9_of_its_starter_and_keeps_none_of_its_pipes()
    {
        using var starter = Start("report");
        var output = starter.StandardOutput.ReadToEndAsync();
        var connection = await ReportAsync("report", starter);
        var pid = EmbeddedPostgres.Status(_cluster.DataFolder).Pid!.Value;
        var postmaster = ProcessIdentity.Of(pid)!;

        starter.Kill();
        await starter.WaitForExitAsync();

        // Who waits for the end of the starter's output gets it although the cluster runs on.
        await output.WaitAsync(TimeSpan.FromMinutes(1));
        Assert.True(postmaster.IsAlive());
        Assert.Equal(1, await Sql.ExecuteAsync(connection, "select 1"));
        Assert.Equal(connection, await _cluster.StartAsync());
        Assert.Equal(pid, EmbeddedPostgres.Status(_cluster.DataFolder).Pid);
    }

    [Fact]
    public async Task Two_processes_that_start_at_once_share_one_postmaster()
    {
        using var first = Start("first");
        using var second = Start("second");

        Assert.Equal(await ReportAsync("first", first), await ReportAsync("second", second));
        Assert.Single(ProcessFacts.HeadsIn(Path.Combine(_cluster.DataFolder, "pg/data")));

        first.Kill();
        second.Kill();
    }

    private Process Start(string report)
    {
        var command = HelperProgram.Command("start-postgres-and-stay", _cluster.DataFolder, ReportFile(report));
        return Process.Start(new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardOutput = true })!;
    }

    private async Task<string> ReportAsync(string report, Process starter)
    {
        await Eventually.TrueAsync(() => File.Exists(ReportFile(report)) || starter.HasExited, "the starter reports", TimeSpan.FromSeconds(90));
        return await File.ReadAllTextAsync(ReportFile(report));
    }

    private string ReportFile(string report) => _cluster.DataFolder + "." + report;
}
