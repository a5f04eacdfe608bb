using Orchestrator.Engine.Observing;
using Orchestrator.Engine.Store;
using Orchestrator.Jobs;
using Orchestrator.Providers.Renting;
using Orchestrator.Server.Api;
using Orchestrator.Spending;

namespace Orchestrator.Server.Desk;

/// <summary>What is frozen, and what still lives as it stands now.</summary>
public sealed class EngineCostDesk(LedgerStore ledger, OrphanStore orphans, JobStore jobs, ProviderSet providers) : ICostDesk
{
    public async Task<CostReply> AskAsync(long? job, DateTimeOffset? since, CancellationToken cancellation)
    {
        var id = job is { } number ? new JobId(number) : (JobId?)null;
        // The open ones first: what is frozen in between is then in both lists, and never in none.
        var open = await ledger.OpenAsync(gone: false, id, int.MaxValue, cancellation);
        var frozen = await ledger.FrozenAsync(since, id, cancellation);
        var known = frozen.Select(KeyOf).ToHashSet();
        var now = await jobs.NowAsync(cancellation);
        var live = open.Select(one => Live(one, now)).Where(one => !known.Contains(KeyOf(one)) && (since is not { } from || one.Cost.Life.GoneAt >= from));
        return CostReplies.Make([.. frozen, .. live], since, job is not null, name => providers.Find(name) is IChargeSource) with
        {
            Orphans = job is null ? CostReplies.Orphans(await orphans.CostsAsync(since, cancellation), now) : [],
        };
    }

    private MeteredInstance Live(OpenInstance open, DateTimeOffset now) => new()
    {
        Job = open.Job,
        JobName = open.JobName,
        Budget = open.Budget,
        Attempt = open.Attempt.Number,
        InstanceId = open.Seen.InstanceId,
        Extra = open.Seen.Extra,
        Provider = open.Attempt.Offer.Provider,
        Host = open.Attempt.Offer.Host,
        Cost = InstanceCost.Of(open.Attempt, open.Seen, providers.Find(open.Attempt.Offer.Provider)?.Billing ?? BillingRules.Dearest, now),
        Charged = open.Charged,
    };

    private static (JobId, int, string) KeyOf(MeteredInstance one) => (one.Job, one.Attempt, one.InstanceId);
}
