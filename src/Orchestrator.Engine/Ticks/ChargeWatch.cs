using System.Globalization;
using Microsoft.Extensions.Logging;
using Orchestrator.Engine.Observing;
using Orchestrator.Engine.Store;
using Orchestrator.Providers;
using Orchestrator.Providers.Renting;
using Orchestrator.Spending;

namespace Orchestrator.Engine.Ticks;

/// <summary>Puts what providers publish beside our own figures, until it is settled, and tells a person where the two differ.</summary>
public sealed class ChargeWatch(LedgerStore ledger, ChargeStore charges, ProviderSet providers, JobStore jobs, AlertStore alerts, EngineOptions options, ILogger<ChargeWatch> log)
{
    private static readonly TimeSpan _told = TimeSpan.FromDays(7);

    public async Task LookAsync(CancellationToken cancellation)
    {
        foreach (var provider in providers.All)
        {
            if (provider is IChargeSource published)
            {
                await LookAsync(provider.Name, published, cancellation);
            }
        }

        await TellAsync(cancellation);
    }

    private async Task LookAsync(string provider, IChargeSource published, CancellationToken cancellation)
    {
        var awaited = await charges.TakeDueAsync(provider, options.ChargesEvery, cancellation);
        if (awaited.Count == 0)
        {
            return;
        }

        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(options.EffectTimeout);
            // Whole days: some bill by them.
            var from = new DateTimeOffset(awaited.Min(one => one.CreatedAt).UtcDateTime.Date, TimeSpan.Zero);
            var rows = await published.ListChargesAsync(from, await jobs.NowAsync(cancellation), limit.Token);
            var sums = rows.GroupBy(row => row.InstanceId, StringComparer.Ordinal).ToDictionary(of => of.Key, Sum, StringComparer.Ordinal);
            foreach (var one in awaited)
            {
                await charges.WriteAsync(provider, one.InstanceId, sums.GetValueOrDefault(one.InstanceId), cancellation);
            }

            await charges.SettleAsync(provider, options.ChargesStill, options.ChargesLongest, cancellation);
        }
        catch (Exception refused) when (refused is ProviderException || (refused is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            // One account must not keep the others from being read.
            log.LogWarning("{Provider} does not say what it charges; it is asked again: {Words}", provider, refused.Message);
        }
    }

    private static InstanceCharge Sum(IGrouping<string, InstanceCharge> rows) => rows.Aggregate((sum, row) => sum with
    {
        Compute = sum.Compute + row.Compute, Disk = sum.Disk + row.Disk, Down = sum.Down + row.Down, Up = sum.Up + row.Up, Total = sum.Total + row.Total,
    });

    /// <summary>Only of what is settled: before that a bill is simply not complete.</summary>
    private async Task TellAsync(CancellationToken cancellation)
    {
        var apart = (await ledger.FrozenAsync(await jobs.NowAsync(cancellation) - _told, null, cancellation))
            .Where(one => one is { Settled: true, Charged: { } charged } && BillGap.IsTold(one.Cost.Metered.Billed, charged))
            .Select(Tell).ToList();
        foreach (var told in await alerts.SettleAsync(AlertKinds.Bill, apart, cancellation))
        {
            log.LogWarning("{Alert}", told.Text);
        }
    }

    private static Concern Tell(MeteredInstance one) => new(AlertKinds.Bill, $"{one.Provider} {one.InstanceId}", string.Create(
        CultureInfo.InvariantCulture,
        $"{one.Provider} charged {one.Charged} for instance {one.InstanceId} ({one.JobName}{one.Job} attempt {one.Attempt}), our own meter says {one.Cost.Metered.Billed}: {BillGap.Apart(one.Cost.Metered.Billed, one.Charged!.Value) * 100:0.#} % apart; both: orchestrator cost --job {one.Job.Value}"));
}
