using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orchestrator.Engine.Installations;
using Orchestrator.Jobs;

namespace Orchestrator.Engine.Rehearsals;

/// <summary>Looks at all rehearsals that go on. Whoever has started one may be gone; without any server, the budget and the host's lease bound it.</summary>
public sealed class RehearsalService(RehearsalStore rows, RehearsalFollower follower, Installation installation, EngineOptions options, ILogger<RehearsalService> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.ObserveEvery);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                if (!installation.IsRecovered)
                {
                    await LookAsync(stoppingToken);
                }
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                log.LogError(failure, "rehearsals could not be looked at; they are tried again");
            }
        }
    }

    private async Task LookAsync(CancellationToken cancellation)
    {
        // One at a time: a claim that is held while others are killed could run out before its turn.
        for (var after = new JobId(0); await rows.ClaimAsync(after, options.EffectTimeout * 2, cancellation) is { } row; after = row.Job)
        {
            try
            {
                await follower.LookAsync(row, cancellation);
                await rows.ReleaseAsync(row.Job, cancellation);
            }
            catch (Exception failure) when (!cancellation.IsCancellationRequested)
            {
                // The others are looked at; this one when its claim has run out.
                log.LogError(failure, "rehearsal {Title} could not be looked at", row.Title);
            }
        }
    }
}
