using System.Globalization;
using Microsoft.Extensions.Logging;
using Orchestrator.Engine.Observing;
using Orchestrator.Engine.Store;
using Orchestrator.Providers;
using Orchestrator.Providers.Renting;

namespace Orchestrator.Engine.Ticks;

/// <summary>Tells a person of accounts that do not show what runs there, and of instances that nobody gets rid of.</summary>
public sealed class AccountWatch(ProviderSet providers, AccountStore accounts, LeakStore leaks, AlertStore alerts, TimeProvider time, EngineOptions options, ILogger<AccountWatch> log)
{
    private readonly long _since = time.GetTimestamp();

    /// <summary>A list was asked for; null = it did not come.</summary>
    public Task NoteAsync(IProvider provider, Listing? listing, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(provider);
        return provider is IAccountSource ? accounts.ListedAsync(provider.Name, listing is { Seen.IsWhole: true } ? listing.AskedAt : null, cancellation) : Task.CompletedTask;
    }

    public async Task LookAsync(CancellationToken cancellation)
    {
        // What piled up while no server was there may be gone in a moment.
        if (time.GetElapsedTime(_since) < options.OwedTooLong)
        {
            return;
        }

        var rented = providers.All.Where(provider => provider is IAccountSource).Select(provider => provider.Name).ToHashSet(StringComparer.Ordinal);
        var silent = (await accounts.ListAsync(BalanceLimits.Age, cancellation)).Where(account => rented.Contains(account.Provider) && account.SilentSeconds > options.OwedTooLong.TotalSeconds);
        await TellAsync(AlertKinds.AccountSilent, silent.Select(Silent), cancellation);
        await TellAsync(AlertKinds.Leaked, (await leaks.ListAsync(options.OwedTooLong, cancellation)).Select(Leaked), cancellation);
    }

    private static Concern Silent(AccountRow account) => new(
        AlertKinds.AccountSilent,
        account.Provider,
        $"{account.Provider} has not shown for {Minutes(account.SilentSeconds)} what runs there ({account.Running} of ours, by the books): nothing new is rented there, and what is to be destroyed is tried all the same. Look: orchestrator account test {account.Provider}");

    private static Concern Leaked(Leak leak) => new(
        AlertKinds.Leaked,
        $"{leak.Provider} {leak.InstanceId}",
        $"LEAKED: {leak.Provider} instance {leak.InstanceId} ({leak.Label}{(leak.Who is { } who ? ", " + who : ", of no job")}) was to be destroyed {Minutes(leak.Seconds)} ago and is not confirmed gone; it costs, and is tried again for as long as it takes. Or destroy it at {leak.Provider}");

    private static string Minutes(double seconds) => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(seconds / 60):0} min");

    private async Task TellAsync(string kind, IEnumerable<Concern> concerns, CancellationToken cancellation)
    {
        foreach (var told in await alerts.SettleAsync(kind, [.. concerns], cancellation))
        {
            log.LogError("{Alert}", told.Text);
        }
    }
}
