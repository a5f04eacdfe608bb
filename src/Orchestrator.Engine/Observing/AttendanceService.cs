using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orchestrator.Engine.Installations;

namespace Orchestrator.Engine.Observing;

/// <summary>Says that this server is here, also while no job is looked at. A recovered one acts on nothing, so it does not count as being here.</summary>
public sealed class AttendanceService(Attendance attendance, Installation installation, EngineOptions options, ILogger<AttendanceService> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.AttendEvery);
        do
        {
            try
            {
                if (!installation.IsRecovered)
                {
                    await attendance.UnattendedAsync(stoppingToken);
                }
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                log.LogWarning("the database does not know that this server is here: {Words}", failure.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
