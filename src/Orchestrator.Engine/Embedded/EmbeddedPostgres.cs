using System.Globalization;
using Microsoft.Extensions.Logging;
using Npgsql;
using Orchestrator.Engine.Processes;

namespace Orchestrator.Engine.Embedded;

/// <summary>
/// A private PostgreSQL cluster below the data folder, from the system's own binaries: unix socket only, never as root,
/// detached, so that it outlives any server; every server on the data folder attaches to the one that runs.
/// </summary>
public static class EmbeddedPostgres
{
    private const int InterruptSignal = 2;
    private const int QuitSignal = 3;
    private static readonly TimeSpan LockLimit = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan FastStopLimit = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Creates, starts or attaches to the cluster and returns a connection string to its database.
    /// Safe to call from any number of processes at once. Throws <see cref="EmbeddedPostgresException"/> or
    /// <see cref="Configuration.DataFolderException"/>, whose messages are for people. The string names no pool sizes: the
    /// cluster takes 100 connections, which its servers share.
    /// </summary>
    public static async Task<string> EnsureRunningAsync(string dataFolder, ILogger logger, CancellationToken cancellationToken)
    {
        var folder = ClusterFolder.Open(dataFolder);
        using var held = await LockAsync(folder, cancellationToken);
        ClusterLog.Trim(folder);
        do
        {
            while (RunningCluster.Find(folder) is { } running)
            {
                // The socket folder of a running cluster is what it says, not what we would choose today.
                var socketFolder = running.File.SocketFolder ?? folder.SocketFolder;
                if (await ClusterReadiness.WaitAsync(socketFolder, running.Process, logger, cancellationToken))
                {
                    // Its starter may have been killed between starting it and creating the database.
                    await CreateDatabaseAsync(socketFolder, cancellationToken);
                    logger.LogDebug("Attached to the embedded PostgreSQL (pid {Pid}) in {Folder}", running.Process.Pid, folder.Data);
                    return ClusterFolder.ConnectionString(socketFolder, ClusterConfiguration.Database);
                }

                // It was on its way down, and has ended now.
            }
        }
        while (!await RunningCluster.ClearLeftoversAsync(folder, cancellationToken));

        await StartAsync(folder, logger, cancellationToken);
        return ClusterFolder.ConnectionString(folder.SocketFolder, ClusterConfiguration.Database);
    }

    /// <summary>Stops the cluster: open transactions are rolled back, everything committed is kept. No-op where none runs.</summary>
    public static async Task StopAsync(string dataFolder, ILogger logger, CancellationToken cancellationToken)
    {
        if (ClusterFolder.Existing(dataFolder) is not { } folder)
        {
            return;
        }

        using var held = await LockAsync(folder, cancellationToken);
        if (RunningCluster.Find(folder) is not { } running)
        {
            return;
        }

        running.Process.TrySignal(InterruptSignal);
        if (!await running.Process.WaitForExitAsync(FastStopLimit, cancellationToken))
        {
            logger.LogWarning("The embedded PostgreSQL (pid {Pid}) did not stop within {Limit}; it is stopped without a checkpoint and recovers at its next start", running.Process.Pid, FastStopLimit);
            running.Process.TrySignal(QuitSignal);
            if (!await running.Process.WaitForExitAsync(FastStopLimit, cancellationToken))
            {
                throw new EmbeddedPostgresException(string.Create(CultureInfo.InvariantCulture, $"the embedded PostgreSQL in {folder.Data} does not stop; end the process {running.Process.Pid}"));
            }
        }

        folder.RemoveOutsideSocketFolder();
    }

    /// <summary>What there is, asking nobody; starts and creates nothing.</summary>
    public static EmbeddedPostgresStatus Status(string dataFolder)
    {
        if (ClusterFolder.Existing(dataFolder) is not { } folder)
        {
            return new(false, null, null, null, 0);
        }

        var running = RunningCluster.Find(folder);
        return new(running is not null, folder.DataMajor, running?.Process.Pid, running?.File.SocketFolder, ClusterLog.SizeOf(folder.Data));
    }

    /// <summary>Keeps the cluster's log bounded; called by whoever runs for long, beside every start.</summary>
    public static void TrimLog(string dataFolder)
    {
        if (ClusterFolder.Existing(dataFolder) is { } folder)
        {
            ClusterLog.Trim(folder);
        }
    }

    private static async Task StartAsync(ClusterFolder folder, ILogger logger, CancellationToken cancellationToken)
    {
        var user = ClusterUser.Current();
        await ClusterAccess.CheckAsync(folder, user, cancellationToken);
        var binaries = PostgresBinaries.Find(folder.DataMajor, folder.Data);
        if (!folder.HasData)
        {
            await ClusterCreation.RunAsync(folder, user, binaries, logger, cancellationToken);
        }

        folder.PrepareSocketFolder(user);
        ClusterConfiguration.Write(folder);

        var logStart = File.Exists(folder.LogFile) ? new FileInfo(folder.LogFile).Length : 0;
        var command = user.Command(binaries.Server, "-D", folder.Data, "-c", "config_file=" + folder.ConfigFile);
        var process = DetachedProcess.Start(new()
        {
            Program = command[0],
            Arguments = [.. command.Skip(1)],
            LogFile = folder.LogFile,
            Variables = user.Variables,
        });
        if (!await ClusterReadiness.WaitAsync(folder.SocketFolder, process, logger, cancellationToken))
        {
            throw StartFailure.Explain(
                "the embedded PostgreSQL in " + folder.Data + " does not start",
                PosixFiles.ReadTail(folder.LogFile, logStart, 16 * 1024),
                folder.LogFile);
        }

        await CreateDatabaseAsync(folder.SocketFolder, cancellationToken);
        logger.LogInformation("The embedded PostgreSQL {Major} runs (pid {Pid}, socket in {Socket})", binaries.Major, process.Pid, folder.SocketFolder);
    }

    private static async Task CreateDatabaseAsync(string socketFolder, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(ClusterFolder.ConnectionString(socketFolder, "postgres") + ";Pooling=false");
        await connection.OpenAsync(cancellationToken);
        await using var exists = new NpgsqlCommand("select 1 from pg_database where datname = $1", connection) { Parameters = { new() { Value = ClusterConfiguration.Database } } };
        if (await exists.ExecuteScalarAsync(cancellationToken) is null)
        {
            await using var create = new NpgsqlCommand("create database " + ClusterConfiguration.Database, connection);
            await create.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private static async Task<FileLock> LockAsync(ClusterFolder folder, CancellationToken cancellationToken)
    {
        try
        {
            return await FileLock.AcquireAsync(folder.LockFile, LockLimit, cancellationToken);
        }
        catch (TimeoutException busy)
        {
            throw new EmbeddedPostgresException("another orchestrator is starting or stopping PostgreSQL and does not end: " + busy.Message, busy);
        }
        catch (UnauthorizedAccessException denied)
        {
            throw new EmbeddedPostgresException($"{folder.Root} is closed to the user {Environment.UserName}; run as the user it belongs to, or use another data folder with --data", denied);
        }
    }
}
