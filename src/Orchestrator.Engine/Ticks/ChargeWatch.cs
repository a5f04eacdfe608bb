using System.Globalization;
using Microsoft.Extensions.Logging;
using Orchestrator.Engine.Observing;
using Orchestrator.Engine.Store;
using Orchestrator.Jobs;
using Orchestrator.Providers;
using Orchestrator.Providers.Renting;
using Orchestrator.Reconciling;
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

    /// <summary>Of what is not settled only what is more already: a bill of less is simply not complete.</summary>
    private async Task TellAsync(CancellationToken cancellation)
    {
        var now = await jobs.NowAsync(cancellation);
        var known = await ledger.AllAsync(providers, now - _told, null, now, cancellation);
        foreach (var job in known.Where(one => one.Budget is not null && one.Charged > one.Cost.Metered.Billed).Select(one => one.Job).Distinct())
        {
            try
            {
                await StopBeyondBudgetAsync(job, now, cancellation);
            }
            catch (Exception failure) when (!cancellation.IsCancellationRequested)
            {
                // One job's alone: it must not keep the others from being looked at, nor a person from being told.
                log.LogError(failure, "job {Job} could not be held to its budget by what its providers have charged", job);
            }
        }

        var apart = known
            .Where(one => one.Charged is { } charged && BillGap.IsTold(one.Cost.Metered.Billed, charged) && (one.Settled || charged > one.Cost.Metered.Billed))
            .Select(Tell).ToList();
        foreach (var told in await alerts.SettleAsync(AlertKinds.Bill, apart, cancellation))
        {
            log.LogWarning("{Alert}", told.Text);
        }
    }

    /// <summary>
    /// A job's budget is counted by our own meter, which does not see what a trainer itself moves. Where the bill shows that the budget is
    /// spent all the same, the job is paused: in order, so that nothing it has done is lost.
    /// </summary>
    private async Task StopBeyondBudgetAsync(JobId job, DateTimeOffset now, CancellationToken cancellation)
    {
        var all = await ledger.AllAsync(providers, null, job, now, cancellation);
        var metered = all.Aggregate(Money.Zero, (sum, one) => sum + one.Cost.Metered.Total);
        // What the store charges for is on no provider's bill.
        var billed = all.Aggregate(Money.Zero, (sum, one) => sum + one.Cost.Metered.Egress + (one.Charged > one.Cost.Metered.Billed ? one.Charged.Value : one.Cost.Metered.Billed));
        var snapshot = await jobs.LoadAsync(job, cancellation);
        // What a job holds of a shared budget is no bound that a person set.
        if (snapshot.State.Terms is { Batch.SharesBudget: true } || snapshot.State.Terms.MaxTotal is not { } budget || billed < budget || metered >= budget || snapshot.State.Verdict is not null || snapshot.Inbox.Any(item => item is PauseCommand or ResumeCommand or UpdateCommand))
        {
            return;
        }

        log.LogWarning("job {Job} is paused: by what its providers have charged it has cost {Billed}, our own meter says {Metered}, and its budget is {Budget}", job, billed, metered, budget);
        await jobs.AddInboxAsync(job, new PauseCommand(string.Create(
            CultureInfo.InvariantCulture,
            $"orchestrator, for its budget of {budget} is spent: {billed} by what providers have charged (our own meter says {metered}; what a trainer itself moves is on the bill alone); to go on: orchestrator resume {job.Value} --budget {decimal.Floor(billed.Dollars) + 2:0}")), cancellation);
    }

    private static Concern Tell(MeteredInstance one) => new(AlertKinds.Bill, $"{one.Provider} {one.InstanceId}", string.Create(
        CultureInfo.InvariantCulture,
        $"{one.Provider} charged {one.Charged} {(one.Settled ? "" : "by now ")}for instance {one.InstanceId} ({one.JobName}{one.Job} attempt {one.Attempt}), our own meter says {one.Cost.Metered.Billed}: {BillGap.Apart(one.Cost.Metered.Billed, one.Charged!.Value) * 100:0.#} % apart; both: orchestrator cost --job {one.Job.Value}"));
}
