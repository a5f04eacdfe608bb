using Microsoft.Extensions.Logging.Abstractions;
using Orchestrator.Engine.Embedded;
using Orchestrator.Engine.Processes;
using Orchestrator.IntegrationTests.Support;
using Xunit;

namespace Orchestrator.IntegrationTests.Embedded;

public sealed class EmbeddedPostgresTroubleTests
{
    private const uint Nobody = 65534;

    [Theory]
    [InlineData("a-folder-with-a-rather-long-name/and-another-one-below-it-that-is-even-longer/until-no-socket-fits-any-more/data")]
    [InlineData("comma,space and 'quotes'/data")]
    public async Task A_data_folder_that_no_socket_fits_into_gets_a_short_private_socket_folder_elsewhere(string below)
    {
        await using var cluster = new TemporaryCluster(below);

        Assert.Equal(1, await Sql.ExecuteAsync(await cluster.StartAsync(), "select 1"));

        var socketFolder = EmbeddedPostgres.Status(cluster.DataFolder).SocketFolder!;
        Assert.DoesNotContain(cluster.DataFolder, socketFolder, StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(socketFolder));
        Assert.Equal(socketFolder + "\n", await File.ReadAllTextAsync(Path.Combine(cluster.DataFolder, "pg/socket-folder")));
        Assert.Equal(cluster.ConnectionString, await cluster.StartAsync());
        await EmbeddedPostgres.StopAsync(cluster.DataFolder, NullLogger.Instance, CancellationToken.None);
        Assert.False(Directory.Exists(socketFolder));
    }

    [Fact]
    public async Task A_data_folder_reached_through_a_link_is_the_same_cluster()
    {
        await using var cluster = new TemporaryCluster();
        var connection = await cluster.StartAsync();
        var link = cluster.DataFolder + ".link";
        File.CreateSymbolicLink(link, cluster.DataFolder);

        Assert.Equal(connection, await EmbeddedPostgres.EnsureRunningAsync(link, NullLogger.Instance, CancellationToken.None));
    }

    [Fact]
    public async Task Data_of_a_version_that_is_not_installed_is_refused_with_the_command_that_helps()
    {
        await using var cluster = new TemporaryCluster();
        await cluster.StartAsync();
        await EmbeddedPostgres.StopAsync(cluster.DataFolder, NullLogger.Instance, CancellationToken.None);
        await File.WriteAllTextAsync(Path.Combine(cluster.DataFolder, "pg/data/PG_VERSION"), "9\n");

        var error = await Assert.ThrowsAsync<EmbeddedPostgresException>(cluster.StartAsync);

        Assert.Contains("written by PostgreSQL 9", error.Message, StringComparison.Ordinal);
        Assert.Contains("apt install postgresql-9", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_setting_is_named_and_once_it_is_corrected_the_cluster_starts()
    {
        await using var cluster = new TemporaryCluster();
        await cluster.StartAsync();
        await EmbeddedPostgres.StopAsync(cluster.DataFolder, NullLogger.Instance, CancellationToken.None);
        var custom = Path.Combine(cluster.DataFolder, "pg/custom.conf");
        await File.WriteAllTextAsync(custom, "work_mem = lots\n");

        var error = await Assert.ThrowsAsync<EmbeddedPostgresException>(cluster.StartAsync);
        Assert.Contains("custom.conf is wrong", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);

        await File.WriteAllTextAsync(custom, "work_mem = 5MB\n");
        Assert.Equal("5MB", await Sql.ExecuteAsync(await cluster.StartAsync(), "show work_mem"));
    }

    [FactAsRoot]
    public async Task A_folder_that_the_cluster_s_user_cannot_reach_is_named()
    {
        await using var cluster = new TemporaryCluster("closed/data");
        var closed = Directory.CreateDirectory(Path.GetDirectoryName(cluster.DataFolder)!, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        var error = await Assert.ThrowsAsync<EmbeddedPostgresException>(cluster.StartAsync);

        Assert.Contains($"cannot enter {closed.FullName} (mode 700)", error.Message, StringComparison.Ordinal);
    }

    [FactAsRoot]
    public async Task An_ordinary_user_s_cluster_is_that_user_s_and_root_is_told_so()
    {
        await using var cluster = new TemporaryCluster("theirs/data");
        var theirs = Path.GetDirectoryName(cluster.DataFolder)!;
        Directory.CreateDirectory(theirs);
        PosixFiles.ChangeOwner(theirs, Nobody, Nobody);
        var report = Path.Combine(theirs, "report");
        string[] command = ["/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--", .. HelperProgram.Command("start-postgres-and-stay", cluster.DataFolder, report)];
        var starter = DetachedProcess.Start(new()
        {
            Program = command[0],
            Arguments = command[1..],
            LogFile = theirs + ".log",
            Variables = new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin", ["HOME"] = theirs },
        });
        await Eventually.TrueAsync(() => File.Exists(report) || !starter.IsAlive(), "the starter reports", TimeSpan.FromSeconds(90));
        starter.TrySignal(9);

        Assert.True(File.Exists(report), await File.ReadAllTextAsync(theirs + ".log"));
        Assert.Equal((int)Nobody, ProcessFacts.UserId(EmbeddedPostgres.Status(cluster.DataFolder).Pid!.Value));
        var error = await Assert.ThrowsAsync<EmbeddedPostgresException>(cluster.StartAsync);
        Assert.Contains("was started by another user", error.Message, StringComparison.Ordinal);
        await EmbeddedPostgres.StopAsync(cluster.DataFolder, NullLogger.Instance, CancellationToken.None);
        error = await Assert.ThrowsAsync<EmbeddedPostgresException>(cluster.StartAsync);
        Assert.Contains("cannot enter", error.Message, StringComparison.Ordinal);
    }

    [FactAsRoot]
    public async Task Another_user_of_the_machine_gets_neither_to_the_socket_nor_past_the_peer_check()
    {
        await using var cluster = new TemporaryCluster();
        await cluster.StartAsync();
        var socketFolder = EmbeddedPostgres.Status(cluster.DataFolder).SocketFolder!;

        Assert.Contains("Permission denied", await ConnectAsNobodyAsync(socketFolder), StringComparison.Ordinal);

        File.SetUnixFileMode(socketFolder, (UnixFileMode)0b111_001_001);
        File.SetUnixFileMode(Path.Combine(socketFolder, ".s.PGSQL.5432"), (UnixFileMode)0b111_111_111);
        Assert.Contains("Peer authentication failed", await ConnectAsNobodyAsync(socketFolder), StringComparison.Ordinal);
    }

    private static async Task<string> ConnectAsNobodyAsync(string socketFolder)
    {
        var psql = Path.Combine(PostgresBinaries.Find(null, "").Folder, "psql");
        var result = await ShortCommand.RunAsync(
            ["/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--", psql, "-h", socketFolder, "-U", "orchestrator", "-c", "select 1", "orchestrator"],
            new Dictionary<string, string> { ["LC_ALL"] = "C" },
            TimeSpan.FromSeconds(20),
            CancellationToken.None);
        Assert.NotEqual(0, result.ExitCode);
        return result.Problems;
    }
}
