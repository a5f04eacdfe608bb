using Microsoft.Extensions.Logging;
using Orchestrator.Engine.Observing;
using Orchestrator.Engine.Store;
using Orchestrator.Spending;

namespace Orchestrator.Engine.Ticks;

/// <summary>Freezes what each instance has cost by our own meter, once it is confirmed gone and before anybody reads its bill.</summary>
public sealed class MeterWatch(LedgerStore ledger, ProviderSet providers, JobStore jobs, ILogger<MeterWatch> log)
{
    /// <summary>More wait for the next sweep.</summary>
    private const int Batch = 200;

    public async Task FreezeAsync(CancellationToken cancellation)
    {
        var now = await jobs.NowAsync(cancellation);
        foreach (var (job, _, _, attempt, seen, _) in await ledger.OpenAsync(gone: true, null, Batch, cancellation))
        {
            // An account that is no longer configured tells no rules: then the dearest count.
            var cost = InstanceCost.Of(attempt, seen, providers.Find(attempt.Offer.Provider)?.Billing ?? BillingRules.Dearest, now);
            if (await ledger.FreezeAsync(job, attempt, seen, cost, cancellation))
            {
                log.LogInformation("job {Job} attempt {Attempt}: {Provider} {Instance} is gone and has cost {Cost}", job, attempt.Number, attempt.Offer.Provider, seen.InstanceId, cost.Metered.Total);
            }
        }
    }
}
