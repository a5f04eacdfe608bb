using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Orchestrator.Engine.Embedded;
using Orchestrator.Engine.Processes;
using Orchestrator.IntegrationTests.Support;
using Xunit;

namespace Orchestrator.IntegrationTests.Embedded;

public sealed class EmbeddedPostgresTests : IAsyncLifetime
{
    private readonly TemporaryCluster _cluster = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task The_first_start_creates_a_cluster_that_runs_detached_and_never_as_root()
    {
        Assert.Equal(new(false, null, null, null, 0), EmbeddedPostgres.Status(_cluster.DataFolder));

        await Sql.ExecuteAsync(await _cluster.StartAsync(), "create table t (x int)");

        var status = EmbeddedPostgres.Status(_cluster.DataFolder);
        Assert.True(status.Running);
        Assert.InRange(status.MajorVersion!.Value, PostgresBinaries.OldestMajor, 99);
        Assert.InRange(status.DataBytes, 10_000_000, 500_000_000);
        var pid = status.Pid!.Value;
        Assert.NotEqual(0, ProcessFacts.UserId(pid));
        Assert.NotEqual(ProcessFacts.Session(Environment.ProcessId), ProcessFacts.Session(pid));
        Assert.NotEqual(Environment.ProcessId, ProcessFacts.Parent(pid));
        Assert.DoesNotContain(ProcessFacts.Descriptors(pid).Values, target => target.EndsWith("/pg/lock", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_second_start_attaches_to_the_cluster_that_runs()
    {
        var first = await _cluster.StartAsync();
        var pid = EmbeddedPostgres.Status(_cluster.DataFolder).Pid;

        var second = await _cluster.StartAsync();

        Assert.Equal(first, second);
        Assert.Equal(pid, EmbeddedPostgres.Status(_cluster.DataFolder).Pid);
    }

    [Fact]
    public async Task Concurrent_first_starts_give_one_postmaster()
    {
        var starts = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(_cluster.StartAsync)));

        Assert.Single(starts.Distinct());
        Assert.Single(ProcessFacts.HeadsIn(Path.Combine(_cluster.DataFolder, "pg/data")));
    }

    [Fact]
    public async Task Data_survives_a_stop_and_a_start()
    {
        await Sql.ExecuteAsync(await _cluster.StartAsync(), "create table kept as select 42 as x");

        await EmbeddedPostgres.StopAsync(_cluster.DataFolder, NullLogger.Instance, CancellationToken.None);
        Assert.False(EmbeddedPostgres.Status(_cluster.DataFolder).Running);
        Assert.Empty(ProcessFacts.HeadsIn(Path.Combine(_cluster.DataFolder, "pg/data")));

        Assert.Equal(42, await Sql.ExecuteAsync(await _cluster.StartAsync(), "select x from kept"));
    }

    [Fact]
    public async Task Stopping_does_not_wait_for_open_connections()
    {
        await using var open = await Sql.OpenAsync(await _cluster.StartAsync());

        await EmbeddedPostgres.StopAsync(_cluster.DataFolder, NullLogger.Instance, CancellationToken.None);

        Assert.False(EmbeddedPostgres.Status(_cluster.DataFolder).Running);
    }

    [Fact]
    public async Task What_was_committed_survives_a_killed_postmaster()
    {
        await Sql.ExecuteAsync(await _cluster.StartAsync(), "create table kept as select 42 as x");
        var killed = ProcessIdentity.Of(EmbeddedPostgres.Status(_cluster.DataFolder).Pid!.Value)!;

        Assert.True(killed.TrySignal(9));
        await Eventually.TrueAsync(() => !killed.IsAlive(), "the postmaster ends");
        Assert.True(File.Exists(Path.Combine(_cluster.DataFolder, "pg/data/postmaster.pid")));

        Assert.Equal(42, await Sql.ExecuteAsync(await _cluster.StartAsync(), "select x from kept"));
        Assert.NotEqual(killed.Pid, EmbeddedPostgres.Status(_cluster.DataFolder).Pid);
    }

    [Fact]
    public async Task A_stale_pid_file_whose_pid_is_another_program_now_is_no_obstacle()
    {
        await Sql.ExecuteAsync(await _cluster.StartAsync(), "create table kept as select 42 as x");
        var pidFile = Path.Combine(_cluster.DataFolder, "pg/data/postmaster.pid");
        var socketLock = Path.Combine(EmbeddedPostgres.Status(_cluster.DataFolder).SocketFolder!, ".s.PGSQL.5432.lock");
        var files = new[] { pidFile, socketLock }.ToDictionary(file => file, File.ReadAllLines);
        await EmbeddedPostgres.StopAsync(_cluster.DataFolder, NullLogger.Instance, CancellationToken.None);

        // As after a reboot: the files name a pid that lives, as another program of the same user (PostgreSQL itself
        // sees through the pids of other users only).
        var command = ClusterUser.Current().Command("/bin/sleep", "600");
        var other = DetachedProcess.Start(new() { Program = command[0], Arguments = [.. command.Skip(1)], LogFile = "/dev/null" });
        foreach (var (file, lines) in files)
        {
            lines[0] = other.Pid.ToString(CultureInfo.InvariantCulture);
            await File.WriteAllLinesAsync(file, lines);
        }

        try
        {
            Assert.False(EmbeddedPostgres.Status(_cluster.DataFolder).Running);
            Assert.Equal(42, await Sql.ExecuteAsync(await _cluster.StartAsync(), "select x from kept"));
            Assert.True(other.IsAlive());
        }
        finally
        {
            other.TrySignal(9);
        }
    }

    [Fact]
    public async Task Half_a_cluster_of_a_start_that_was_killed_is_thrown_away()
    {
        var unfinished = Directory.CreateDirectory(Path.Combine(_cluster.DataFolder, "pg/data.unfinished/base"));
        await File.WriteAllTextAsync(Path.Combine(unfinished.FullName, "rubbish"), "x");

        Assert.Equal(1, await Sql.ExecuteAsync(await _cluster.StartAsync(), "select 1"));
        Assert.False(unfinished.Exists && Directory.Exists(unfinished.FullName));
    }

    [Fact]
    public async Task A_grown_log_is_cut_while_the_postmaster_goes_on_writing_to_it()
    {
        var connection = await _cluster.StartAsync();
        var log = Path.Combine(_cluster.DataFolder, "logs/postgres.log");
        await File.AppendAllTextAsync(log, new string('x', 9 * 1024 * 1024));

        EmbeddedPostgres.TrimLog(_cluster.DataFolder);
        Assert.Equal(0, new FileInfo(log).Length);
        await Sql.ExecuteAsync(connection, "do $$ begin raise warning 'after the cut'; end $$");

        await Eventually.TrueAsync(() => File.ReadAllText(log).Contains("after the cut", StringComparison.Ordinal), "the warning is logged");
        Assert.InRange(new FileInfo(log).Length, 1, 100_000);
        Assert.InRange(new FileInfo(log + ".1").Length, 9 * 1024 * 1024, 10 * 1024 * 1024);
    }
}
