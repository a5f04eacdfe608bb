using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Orchestrator.Engine.Embedded;

/// <summary>
/// Looks after the embedded cluster while a server runs: one that was killed is started again, so that nobody has to be there
/// on a weekend, and its log stays bounded.
/// </summary>
public sealed class EmbeddedPostgresKeeper(string dataFolder, NpgsqlDataSource source, TimeSpan every, ILogger<EmbeddedPostgresKeeper> log) : BackgroundService
{
    /// <summary>Failed looks in a row that count as lost; one alone may be a restart or a full pool.</summary>
    private const int Patience = 2;
    private static readonly TimeSpan _trimEvery = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(every);
        var trimmedAt = BootClock.Instance.GetTimestamp();
        var failures = 0;
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                failures = await AnswersAsync(stoppingToken) ? 0 : failures + 1;
                if (failures >= Patience)
                {
                    log.LogWarning("the embedded PostgreSQL does not answer; it is started again if it is gone");
                    await EmbeddedPostgres.EnsureRunningAsync(dataFolder, log, stoppingToken);
                    failures = 0;
                }

                if (BootClock.Instance.GetElapsedTime(trimmedAt) >= _trimEvery)
                {
                    trimmedAt = BootClock.Instance.GetTimestamp();
                    EmbeddedPostgres.TrimLog(dataFolder);
                }
            }
            catch (Exception failure) when (failure is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                log.LogError("the embedded PostgreSQL cannot be started again: {Words}; tried again in {Every}", failure.Message, every);
            }
        }
    }

    private async Task<bool> AnswersAsync(CancellationToken cancellation)
    {
        try
        {
            await using var command = source.CreateCommand("select 1");
            command.CommandTimeout = 10;
            await command.ExecuteScalarAsync(cancellation);
            return true;
        }
        catch (NpgsqlException refused) when (refused is PostgresException { SqlState: PostgresErrorCodes.TooManyConnections })
        {
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }
}
