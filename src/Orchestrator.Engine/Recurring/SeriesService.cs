using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orchestrator.Engine.Installations;

namespace Orchestrator.Engine.Recurring;

/// <summary>Looks for instants that have come. Apart from the sweep: to submit may take as long as a repository takes to be cloned.</summary>
public sealed class SeriesService(SeriesFirer firer, Installation installation, EngineOptions options, ILogger<SeriesService> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.SeriesEvery);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                while (!installation.IsRecovered && await firer.FireOneAsync(stoppingToken))
                {
                }
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                log.LogError(failure, "a series could not be looked at; it is tried again when its claim has run out");
            }
        }
    }
}
