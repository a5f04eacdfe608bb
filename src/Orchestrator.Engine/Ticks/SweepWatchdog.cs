using Hangfire;
using Hangfire.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orchestrator.Engine.Store;

namespace Orchestrator.Engine.Ticks;

/// <summary>
/// Hangfire disables a recurring job after failed schedulings and says so only in a log. This runs an overdue sweep itself,
/// registers the recurring job again and raises an alert.
/// </summary>
public sealed class SweepWatchdog(Sweeper sweeper, IRecurringJobManager recurring, JobStorage storage, AlertStore alerts, EngineOptions options, ILogger<SweepWatchdog> log)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.SweepEvery);
        var overdue = false;
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                if (sweeper.RanAge is not { } age || age > options.SweepEvery * 3)
                {
                    if (!overdue && sweeper.RanAge is not null)
                    {
                        overdue = true;
                        await alerts.RaiseAsync(AlertKinds.SweepOverdue, "hangfire", "the sweep did not run on Hangfire's clock; the watchdog runs it", stoppingToken);
                    }

                    HangfireSetup.RegisterSweep(recurring, options);
                    await sweeper.SweepAsync(stoppingToken);
                }
                else if (overdue)
                {
                    overdue = false;
                    await alerts.ResolveAsync(AlertKinds.SweepOverdue, "hangfire", stoppingToken);
                }

                PurgeFailed();
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                log.LogWarning("sweep: {Words}", failure.Message);
            }
        }
    }

    /// <summary>Failed jobs never expire by themselves; a failed tick is only a lost wake-up.</summary>
    private void PurgeFailed()
    {
        var monitoring = storage.GetMonitoringApi();
        if (monitoring.FailedCount() == 0)
        {
            return;
        }

        foreach (var (id, _) in monitoring.FailedJobs(0, 100))
        {
            BackgroundJob.Delete(id);
        }
    }
}
