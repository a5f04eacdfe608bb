using System.Collections.Immutable;
using System.Globalization;
using Orchestrator.Engine;
using Orchestrator.Engine.Installations;
using Orchestrator.Engine.Observing;
using Orchestrator.Engine.Store;
using Orchestrator.Providers;
using Orchestrator.Providers.Renting;
using Orchestrator.Server.Api;
using Orchestrator.Server.Composition;
using Orchestrator.Server.Configuration;
using Orchestrator.Spending;

namespace Orchestrator.Server.Desk;

/// <summary>The accounts of the configuration: what our books say of them, and what they say themselves.</summary>
public sealed class EngineAccountDesk(ServeOptions serve, ProviderSet providers, ListingCache listings, AccountStore accounts, AccountBooks books, LeakStore leaks, Installation installation, AccountGuard guard, EngineOptions options) : IAccountDesk
{
    private static readonly TimeSpan _listAge = TimeSpan.FromSeconds(10);
    private const int MostShown = 5;

    public async Task<ImmutableArray<AccountView>> ListAsync(CancellationToken cancellation)
    {
        var leaked = await leaks.ListAsync(options.OwedTooLong, cancellation);
        var needs = await books.NeedsAsync(cancellation);
        var views = ImmutableArray.CreateBuilder<AccountView>();
        foreach (var entry in serve.Configuration.Accounts)
        {
            var listing = await listings.GetAsync(entry.Provider, _listAge, cancellation);
            var contents = listing is null ? null : AccountContents.Of(listing.Seen, installation.Epoch, await accounts.LiveLabelsAsync(entry.Provider, cancellation));
            var row = (await accounts.ListAsync(BalanceLimits.Age, cancellation)).FirstOrDefault(one => one.Provider == entry.Provider);
            views.Add(AccountViews.OfBooks(entry, row, [.. needs[entry.Provider]]) with
            {
                Leaked = leaked.Count(leak => leak.Provider == entry.Provider),
                Orphans = contents?.Orphans.Length,
                Foreign = contents is null ? null : contents.Others.Length + contents.Foreign.Length,
            });
        }

        return views.ToImmutable();
    }

    public async Task<ImmutableArray<DoctorCheck>> TestAsync(string? name, CancellationToken cancellation)
    {
        var asked = name is null ? serve.Configuration.Accounts : [Find(name)];
        return asked.IsEmpty ? KeyHint.Of(asked, Environment.GetEnvironmentVariable) : [.. (await Task.WhenAll(asked.Select(entry => TestAsync(entry, cancellation)))).SelectMany(checks => checks)];
    }

    public async Task AcceptAsync(string name, bool gone, CancellationToken cancellation)
    {
        var entry = Find(name);
        await TryKeyAsync(entry, cancellation);
        if (await guard.AcceptAsync(entry.Provider, gone, cancellation) is { Count: > 0 } living)
        {
            var labels = string.Join(", ", living.Take(MostShown).Select(one => one.Label)) + (living.Count > MostShown ? ", ..." : "");
            var perHour = string.Create(CultureInfo.InvariantCulture, $"${new Money(living.Sum(one => one.PriceMicros)).Dollars:0.00}/h");
            throw new DeskException(
                Refusal.Policy,
                $"by our books {living.Count} of ours {(living.Count == 1 ? "is" : "are")} at the present account of {entry.Provider}, for {perHour}: {labels}; with another account they would look gone, be rented again, and go on costing there",
                "cancel those jobs first, with the former key in place; or look at the former account, destroy there what is left, and say --yes");
        }
    }

    /// <summary>With the key as it is now, so that the guard knows which one is to be accepted.</summary>
    private async Task TryKeyAsync(AccountEntry entry, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(options.EffectTimeout);
        try
        {
            if (providers.Find(entry.Provider) is IAccountSource account)
            {
                await account.GetAccountAsync(limit.Token);
            }
        }
        catch (ProviderException refused) when (refused is { Kind: ProviderErrorKind.Unauthorized, NothingSent: true })
        {
            // The guard's own word: that is what is to be changed.
        }
        catch (ProviderException away)
        {
            throw new DeskException(Refusal.Policy, $"whose key {entry.Name} has cannot be told now, so nothing was changed: {away.Message}", $"orchestrator account test {entry.Name} says more; then accept again");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new DeskException(Refusal.Policy, $"{entry.Provider} did not say in time whose key {entry.Name} has, so nothing was changed", "accept again in a moment");
        }
    }

    private async Task<ImmutableArray<DoctorCheck>> TestAsync(AccountEntry entry, CancellationToken cancellation) => providers.Find(entry.Provider) is { } provider
        ? await new AccountChecks(entry, provider, accounts, books, installation.Epoch).RunAsync(cancellation)
        : [];

    private AccountEntry Find(string name) => serve.Configuration.Accounts.FirstOrDefault(entry => entry.Name == name || entry.Provider == name)
        ?? throw new DeskException(Refusal.NotFound, $"there is no account \"{name}\"", "orchestrator account list names them; add it under accounts in orchestrator.yaml");
}
