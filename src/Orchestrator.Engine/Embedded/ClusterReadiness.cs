using Microsoft.Extensions.Logging;
using Npgsql;
using Orchestrator.Engine.Processes;

namespace Orchestrator.Engine.Embedded;

/// <summary>Waits until a postmaster answers.</summary>
internal static class ClusterReadiness
{
    /// <summary>Recovery after a power cut replays the write-ahead log, 256 MB at most in our settings: minutes on a slow disk.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan NoticeAfter = TimeSpan.FromSeconds(5);

    /// <summary>True: it takes connections. False: the process has ended.</summary>
    internal static async Task<bool> WaitAsync(string socketFolder, ProcessIdentity postmaster, ILogger logger, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        var noticed = false;
        while (true)
        {
            // Asked before the connection is tried: whatever fails afterwards, a postmaster that was gone explains it.
            if (!postmaster.IsAlive())
            {
                return false;
            }

            var obstacle = await TryConnectAsync(socketFolder, cancellationToken);
            if (obstacle is null)
            {
                return true;
            }

            var waited = TimeProvider.System.GetElapsedTime(started);
            if (waited > Limit)
            {
                throw new EmbeddedPostgresException($"the embedded PostgreSQL (socket in {socketFolder}) does not answer: {obstacle.Message}", obstacle);
            }

            if (!noticed && waited > NoticeAfter)
            {
                noticed = true;
                logger.LogInformation("Waiting for the embedded PostgreSQL (pid {Pid}): {Obstacle}", postmaster.Pid, obstacle.Message);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), cancellationToken);
        }
    }

    private static async Task<Exception?> TryConnectAsync(string socketFolder, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = new NpgsqlConnection(ClusterFolder.ConnectionString(socketFolder, "postgres") + ";Pooling=false;Timeout=5");
            await connection.OpenAsync(cancellationToken);
            return null;
        }
        catch (PostgresException refused) when (refused.SqlState is PostgresErrorCodes.InvalidAuthorizationSpecification or PostgresErrorCodes.InvalidPassword)
        {
            throw new EmbeddedPostgresException($"the PostgreSQL with its socket in {socketFolder} was started by another user and does not let {Environment.UserName} in; run as that user", refused);
        }
        catch (PostgresException busy) when (busy.SqlState is PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.TooManyConnections)
        {
            // Too many connections: it runs, and that is all that was asked.
            return busy.SqlState == PostgresErrorCodes.TooManyConnections ? null : busy;
        }
        catch (NpgsqlException notYet) when (notYet is not PostgresException)
        {
            return notYet;
        }
    }
}
