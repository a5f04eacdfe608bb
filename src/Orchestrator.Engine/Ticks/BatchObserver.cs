using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orchestrator.Attempts;
using Orchestrator.Engine.Installations;
using Orchestrator.Engine.Observing;
using Orchestrator.Engine.Store;
using Orchestrator.Jobs;
using Orchestrator.Reconciling;

namespace Orchestrator.Engine.Ticks;

/// <summary>
/// Looks at active jobs in batches and calls the same Decide as a tick, but writes nothing: only a job for which something
/// would be decided costs a Hangfire job.
/// </summary>
public sealed class BatchObserver(
    JobStore jobs,
    HealthyJobs healthy,
    Observer observer,
    Installation installation,
    TickQueue queue,
    EngineOptions options,
    ILogger<BatchObserver> log) : BackgroundService
{
    private const int Batch = 100;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.ObserveEvery);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                if (!installation.IsRecovered)
                {
                    await ObserveBatchAsync(stoppingToken);
                }
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                log.LogWarning(failure, "observing failed; it goes on with the next round");
            }
        }
    }

    private async Task ObserveBatchAsync(CancellationToken cancellation)
    {
        foreach (var job in await healthy.ClaimForObservationAsync(Batch, options.ObserveEvery, cancellation))
        {
            try
            {
                await ObserveAsync(job, cancellation);
            }
            catch (Exception failure) when (!cancellation.IsCancellationRequested)
            {
                // One job that cannot be looked at must not blind the ones behind it.
                log.LogWarning(failure, "job {Job} could not be observed", job);
            }
        }
    }

    private async Task ObserveAsync(JobId job, CancellationToken cancellation)
    {
        var snapshot = await jobs.LoadAsync(job, cancellation);
        var now = await jobs.NowAsync(cancellation);
        var observation = await observer.ObserveAsync(snapshot, now, MayPlan(snapshot.State, now), cancellation);
        if (!Kernel.Decide(snapshot.State, observation, options.Policies, now).IsEmpty)
        {
            queue.Soon(job);
        }
    }

    /// <summary>
    /// Whether the market has something better for what runs, or anything for what waits, is asked at set times, by the tick that is due then.
    /// After a refused launch nothing was planned yet: it is tried elsewhere at once.
    /// </summary>
    private bool MayPlan(JobState state, DateTimeOffset now) =>
        state.Current() is null
        && (state.Phase != JobPhase.Waiting || (state.Attempts is [.., { Reason: EndReason.LaunchRefused, EndedAt: { } refused }] && now < refused + options.Policies.OfferRetry));
}
