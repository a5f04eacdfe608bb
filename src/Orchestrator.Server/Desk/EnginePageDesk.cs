using System.Collections.Immutable;
using Orchestrator.Engine.Observing;
using Orchestrator.Engine.Store;
using Orchestrator.Engine.Store.Views;
using Orchestrator.Jobs;
using Orchestrator.Providers.Renting;
using Orchestrator.Server.Api;
using Orchestrator.Server.Composition;
using Orchestrator.Spending;

namespace Orchestrator.Server.Desk;

/// <summary>The engine's store, read for pages.</summary>
public sealed class EnginePageDesk(
    CurveStore curves, LedgerStore ledger, OrphanStore orphans, JobStore jobs, ProviderSet providers, PriceStore prices, ServeOptions serve, AccountStore accounts, AccountBooks books) : IPageDesk
{
    /// <summary>More points than a screen has columns show nothing more.</summary>
    private const int MostPoints = 400;

    public Task<ImmutableArray<ProgressSample>> CurveAsync(long job, CancellationToken cancellation) => curves.OfJobAsync(new JobId(job), MostPoints, cancellation);

    public Task<string> MarkAsync(long? job, CancellationToken cancellation) => curves.MarkAsync(job is { } id ? new JobId(id) : null, cancellation);

    public async Task<CostReply> CostAsync(DateTimeOffset? since, CancellationToken cancellation)
    {
        var now = await jobs.NowAsync(cancellation);
        return CostReplies.Make(await ledger.AllAsync(providers, since, null, now, cancellation), since, withInstances: true, name => providers.Find(name) is IChargeSource) with
        {
            Orphans = CostReplies.Orphans(await orphans.CostsAsync(since, cancellation), now),
        };
    }

    public async Task<ImmutableArray<AccountView>> AccountsAsync(CancellationToken cancellation)
    {
        var needs = await books.NeedsAsync(cancellation);
        var rows = await accounts.ListAsync(BalanceLimits.Age, cancellation);
        return [.. serve.Configuration.Accounts.Select(entry => AccountViews.OfBooks(entry, rows.FirstOrDefault(row => row.Provider == entry.Provider), [.. needs[entry.Provider]]))];
    }

    public async Task<ImmutableArray<PricePoint>> PricesAsync(IReadOnlyCollection<string> gpus, TimeSpan reach, CancellationToken cancellation) =>
        gpus.Count == 0 ? [] : await prices.HistoryAsync(gpus, await jobs.NowAsync(cancellation) - reach, cancellation);
}
