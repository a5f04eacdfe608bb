using System.Collections.Immutable;
using Orchestrator.Engine.Store;
using Orchestrator.Jobs;
using Orchestrator.Spending;

namespace Orchestrator.Engine.Observing;

/// <summary>What instances have cost, frozen or as of now, each with what its provider has charged by now.</summary>
public static class CostBooks
{
    /// <param name="ledger">Where they are kept.</param>
    /// <param name="providers">For the rules by which one that lives is metered.</param>
    /// <param name="since">Those that were there at that instant or after it; null = all.</param>
    /// <param name="job">Null = of all jobs.</param>
    /// <param name="now">The instant.</param>
    /// <param name="cancellation">Ends the queries.</param>
    public static async Task<ImmutableArray<MeteredInstance>> AllAsync(
        this LedgerStore ledger, ProviderSet providers, DateTimeOffset? since, JobId? job, DateTimeOffset now, CancellationToken cancellation)
    {
        // The open ones first: what is frozen in between is then in both lists, and never in none.
        var open = await ledger.OpenAsync(gone: false, job, int.MaxValue, cancellation);
        var frozen = await ledger.FrozenAsync(since, job, cancellation);
        var known = frozen.Select(KeyOf).ToHashSet();
        return [.. frozen, .. open.Select(one => Live(one, providers, now)).Where(one => !known.Contains(KeyOf(one)) && (since is not { } from || one.Cost.Life.GoneAt >= from))];
    }

    private static MeteredInstance Live(OpenInstance open, ProviderSet providers, DateTimeOffset now) => new()
    {
        Job = open.Job,
        JobName = open.JobName,
        Budget = open.Budget,
        Attempt = open.Attempt.Number,
        InstanceId = open.Seen.InstanceId,
        Extra = open.Seen.Extra,
        Provider = open.Attempt.Offer.Provider,
        Host = open.Attempt.Offer.Host,
        // An account that is no longer configured tells no rules: then the dearest count.
        Cost = InstanceCost.Of(open.Attempt, open.Seen, providers.Find(open.Attempt.Offer.Provider)?.Billing ?? BillingRules.Dearest, now),
        Charged = open.Charged,
    };

    private static (JobId, int, string) KeyOf(MeteredInstance one) => (one.Job, one.Attempt, one.InstanceId);
}
