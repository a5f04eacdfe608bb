using System.Globalization;
using Microsoft.Extensions.Logging;
using Orchestrator.Engine.Observing;
using Orchestrator.Engine.Store;
using Orchestrator.Providers;
using Orchestrator.Providers.Renting;
using Orchestrator.Spending;

namespace Orchestrator.Engine.Ticks;

/// <summary>
/// Asks accounts now and then what is left on them, what runs there costs and still needs, and tells a person while there is time to add to it.
/// </summary>
public sealed class BalanceWatch(ProviderSet providers, AccountStore accounts, AccountBooks books, JobStore jobs, JobPlans plans, AlertStore alerts, TimeProvider time, EngineOptions options, ILogger<BalanceWatch> log)
{
    private long? _askedAt;

    public async Task LookAsync(CancellationToken cancellation)
    {
        if (_askedAt is { } at && time.GetElapsedTime(at) < BalanceLimits.Every)
        {
            return;
        }

        _askedAt = time.GetTimestamp();
        foreach (var provider in providers.All)
        {
            if (provider is IAccountSource source)
            {
                await AskAsync(provider.Name, source, cancellation);
            }
        }

        var said = (await accounts.ListAsync(BalanceLimits.Age, cancellation)).Where(account => account.SpendableMicros is not null).ToList();
        var needs = await books.NeedsAsync(cancellation);
        foreach (var need in said.SelectMany(account => needs[account.Provider]))
        {
            try
            {
                await ExpectAsync(need, cancellation);
            }
            catch (Exception unknown) when (!cancellation.IsCancellationRequested)
            {
                // One job of a newer release must not keep the others' money from being looked at.
                log.LogWarning(unknown, "job {Job}: what it needs still cannot be told", need.Job);
            }
        }

        needs = await books.NeedsAsync(cancellation);
        var low = said.Select(account => Low(account.Provider, AccountForecast.Of(new(account.SpendableMicros!.Value), [.. needs[account.Provider]]))).OfType<Concern>();
        foreach (var told in await alerts.SettleAsync(AlertKinds.Balance, [.. low], cancellation))
        {
            log.LogWarning("{Alert}", told.Text);
        }
    }

    /// <summary>What the plan of a job expects of going on where it is; while no plan can be made the last one counts for a while.</summary>
    private async Task ExpectAsync(AccountNeed need, CancellationToken cancellation)
    {
        var snapshot = await jobs.LoadAsync(need.Job, cancellation);
        if (snapshot.State.Current()?.Number != need.Attempt)
        {
            return;
        }

        var plan = await plans.OfAsync(snapshot, await jobs.NowAsync(cancellation), request => request with { BudgetLeft = null, MaxChoices = 1 }, cancellation);
        if (plan is not null)
        {
            await books.RestAsync(need, plan.Stay?.Forecast is { } forecast ? forecast.Total - forecast.StoreEgress : null, cancellation);
        }
    }

    /// <summary>Of an account that does not answer the last word counts for a while.</summary>
    private async Task AskAsync(string name, IAccountSource source, CancellationToken cancellation)
    {
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(options.EffectTimeout);
            await accounts.SpendableAsync(name, (await source.GetAccountAsync(limit.Token)).Spendable, cancellation);
        }
        catch (Exception away) when (away is ProviderException || (away is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            log.LogInformation("{Provider} does not say what is left on the account: {Words}", name, away.Message);
        }
    }

    /// <summary>Null = it lasts.</summary>
    internal static Concern? Low(string provider, AccountForecast forecast)
    {
        var lack = forecast.Lack(BalanceLimits.Warn);
        return forecast.EndsAfter is null || lack <= Money.Zero ? null : new(
            AlertKinds.Balance,
            provider,
            string.Create(CultureInfo.InvariantCulture, $"{provider} has ${forecast.Left.Dollars:0.00} left: {forecast.Words}; {forecast.LastsWords}. Add ${Math.Ceiling(lack.Dollars * 100) / 100:0.00} or more, or pause a job: everything there is stopped when it ends"));
    }
}
