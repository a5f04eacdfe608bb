using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Orchestrator.Engine.Embedded;
using Orchestrator.Engine.Processes;

namespace Orchestrator.IntegrationTests.Support;

/// <summary>A data folder of its own, with a cluster that does not outlive the tests even when they are killed.</summary>
internal sealed class TemporaryCluster : IAsyncDisposable
{
    // Waits for the tests' process to go, then ends whatever postmaster the folder names and removes the folder.
    private const string Reaper = """
        while [ -d "/proc/$1" ]; do sleep 1; done
        pid=$(head -n 1 "$2/pg/data/postmaster.pid" 2>/dev/null) && [ "$(readlink "/proc/$pid/cwd")" = "$2/pg/data" ] && kill -INT "$pid" && while [ -d "/proc/$pid" ]; do sleep 1; done
        rm -rf "$3"
        """;

    private readonly string _parent;
    private readonly ProcessIdentity _reaper;

    internal TemporaryCluster(string below = "data")
    {
        // A short name: a socket's path has 107 bytes, and the ordinary case is what most tests want.
        _parent = Path.Combine("/tmp", "orc-pg-" + Path.GetRandomFileName().Replace(".", "", StringComparison.Ordinal));
        Directory.CreateDirectory(_parent);
        DataFolder = Path.Combine(_parent, below);
        _reaper = DetachedProcess.Start(new()
        {
            Program = "/bin/sh",
            Arguments = ["-c", Reaper, "sh", Environment.ProcessId.ToString(CultureInfo.InvariantCulture), DataFolder, _parent],
            LogFile = "/dev/null",
        });
    }

    internal string DataFolder { get; }

    internal string ConnectionString { get; private set; } = "";

    internal async Task<string> StartAsync() =>
        ConnectionString = await EmbeddedPostgres.EnsureRunningAsync(DataFolder, NullLogger.Instance, CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        // Pooled connections of stopped clusters would be handed out again and fail in some later test.
        NpgsqlConnection.ClearAllPools();
        await EmbeddedPostgres.StopAsync(DataFolder, NullLogger.Instance, CancellationToken.None);
        _reaper.TrySignal(9);
        Directory.Delete(_parent, recursive: true);
    }
}
