using Orchestrator.Engine.Reports;
using Orchestrator.Engine.Store;

namespace Orchestrator.Engine.Observing;

/// <summary>Reads what a report is made of. No provider is asked: it says what the books know, and when a provider was last asked.</summary>
public sealed class ReportReader(ReportStore store, LedgerStore ledger, OrphanStore orphans, PriceStore prices, HostBanStore bans, AlertStore alerts, JobStore jobs, ProviderSet providers)
{
    /// <summary>Prices of hours before the first one may stand for it.</summary>
    private static readonly TimeSpan _before = TimeSpan.FromHours(7);

    /// <param name="period">Of the instant at which it is asked for.</param>
    /// <param name="cancellation">Ends the queries.</param>
    public async Task<Report> ReportAsync(Func<DateTimeOffset, ReportPeriod> period, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(period);
        var now = await jobs.NowAsync(cancellation);
        var time = period(now);
        var instances = await ledger.AllAsync(providers, time.From, null, now, cancellation);
        var (known, unreadable) = await store.JobsAsync(time, cancellation);
        string[] cards = [.. known.SelectMany(job => job.State.Attempts).Select(attempt => attempt.Offer.Gpu ?? "").Distinct(StringComparer.Ordinal)];
        return Report.Of(new ReportFacts
        {
            Period = time,
            Now = now,
            Instances = [.. instances.Where(one => one.Cost.Life.CreatedAt <= time.To && one.Cost.Life.GoneAt > time.From)],
            Jobs = known,
            Unreadable = unreadable,
            Batches = await store.BatchesAsync(known.Select(job => job.Batch?.Id).OfType<long>(), cancellation),
            OnDemand = cards.Length == 0 ? [] : await prices.HistoryAsync(cards, time.From - _before, cancellation),
            Bans = await bans.ListAsync(cancellation),
            // An account that is no longer configured is asked by nobody; what is left there is told all the same.
            Places = [.. (await store.PlacesAsync(cancellation)).Where(place => place.Left > 0 || providers.Find(place.Provider) is not null)],
            Orphans = [.. await orphans.CostsAsync(time.From, cancellation)],
            Alerts = (await alerts.ListAsync(resolved: false, cancellation)).Count,
        });
    }
}
