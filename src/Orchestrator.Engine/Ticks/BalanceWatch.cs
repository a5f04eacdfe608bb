using System.Globalization;
using Microsoft.Extensions.Logging;
using Orchestrator.Engine.Observing;
using Orchestrator.Engine.Store;
using Orchestrator.Providers;
using Orchestrator.Providers.Renting;

namespace Orchestrator.Engine.Ticks;

/// <summary>Asks accounts now and then what is left on them, and tells a person while there is time to add to it.</summary>
public sealed class BalanceWatch(ProviderSet providers, AccountStore accounts, AlertStore alerts, TimeProvider time, EngineOptions options, ILogger<BalanceWatch> log)
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

        var low = (await accounts.ListAsync(BalanceLimits.Age, cancellation)).Where(account => account.SpendableMicros < account.BurnMicros * BalanceLimits.Warn.TotalHours);
        foreach (var told in await alerts.SettleAsync(AlertKinds.Balance, [.. low.Select(Low)], cancellation))
        {
            log.LogWarning("{Alert}", told.Text);
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

    private static Concern Low(AccountRow account)
    {
        var (left, hour) = (new Money(account.SpendableMicros!.Value), new Money(account.BurnMicros));
        var hours = Math.Max(0, (double)left.MicroDollars / hour.MicroDollars);
        return new(
            AlertKinds.Balance,
            account.Provider,
            string.Create(CultureInfo.InvariantCulture, $"{account.Provider} has ${left.Dollars:0.00} left, which lasts {hours:0.#} h at ${hour.Dollars:0.00}/h, what runs there now: add credit, or everything there is stopped when it ends"));
    }
}
