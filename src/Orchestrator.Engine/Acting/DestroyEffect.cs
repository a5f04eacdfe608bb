using Microsoft.Extensions.Logging;
using Orchestrator.Engine.Observing;
using Orchestrator.Engine.Store;
using Orchestrator.Engine.Ticks;
using Orchestrator.Providers;
using Orchestrator.Reconciling;

namespace Orchestrator.Engine.Acting;

/// <summary>Destroys, and goes on until the provider accepted it or does not know the instance.</summary>
public sealed class DestroyEffect(ProviderSet providers, JobStore jobs, TickQueue queue, EngineOptions options, ILogger<DestroyEffect> log)
{
    public async Task RunAsync(JobLease lease, DestroyInstance wanted, CancellationToken cancellation)
    {
        if (providers.Find(wanted.Provider) is not { } provider)
        {
            log.LogError("job {Job}: {Instance} must be destroyed, but provider \"{Provider}\" is not configured any more; configure it again", lease.Job, wanted.InstanceId, wanted.Provider);
            return;
        }

        LeaseGuard.Require(lease, options.EffectTimeout, options);
        FailPoints.Hit("destroy-checked");
        if (await DestroyAsync(provider, lease, wanted, cancellation) is not { } fact)
        {
            return;
        }

        FailPoints.Hit("destroy-sent");
        await jobs.AddInboxAsync(lease.Job, fact, CancellationToken.None);
        queue.Now(lease.Job);
    }

    private async Task<DestroyReplied?> DestroyAsync(IProvider provider, JobLease lease, DestroyInstance wanted, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(options.EffectTimeout);
        try
        {
            await provider.DestroyAsync(wanted.InstanceId, limit.Token);
            return new DestroyReplied(wanted.Attempt, wanted.InstanceId, NotFound: Sabotage.TrustDestroy);
        }
        catch (ProviderException gone) when (gone.Kind == ProviderErrorKind.NotFound)
        {
            return new DestroyReplied(wanted.Attempt, wanted.InstanceId, NotFound: true);
        }
        catch (Exception failed) when (failed is ProviderException or OperationCanceledException)
        {
            log.LogWarning("job {Job}: destroying {Instance} failed ({Words}); it stays owed", lease.Job, wanted.InstanceId, failed.Message);
            return null;
        }
    }
}
