using Orchestrator.Engine.Observing;
using Orchestrator.Engine.Store;
using Orchestrator.Jobs;
using Orchestrator.Providers.Renting;
using Orchestrator.Server.Api;

namespace Orchestrator.Server.Desk;

/// <summary>What is frozen, and what still lives as it stands now.</summary>
public sealed class EngineCostDesk(LedgerStore ledger, OrphanStore orphans, JobStore jobs, ProviderSet providers) : ICostDesk
{
    public async Task<CostReply> AskAsync(long? job, DateTimeOffset? since, CancellationToken cancellation)
    {
        var id = job is { } number ? new JobId(number) : (JobId?)null;
        var now = await jobs.NowAsync(cancellation);
        return CostReplies.Make(await ledger.AllAsync(providers, since, id, now, cancellation), since, job is not null, name => providers.Find(name) is IChargeSource) with
        {
            Orphans = job is null ? CostReplies.Orphans(await orphans.CostsAsync(since, cancellation), now) : [],
        };
    }
}
