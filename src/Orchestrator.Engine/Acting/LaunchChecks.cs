using System.Globalization;
using Orchestrator.Attempts;
using Orchestrator.Engine.Observing;
using Orchestrator.Engine.Store;
using Orchestrator.Providers;
using Orchestrator.Providers.Renting;
using Orchestrator.Reconciling;

namespace Orchestrator.Engine.Acting;

/// <summary>
/// What speaks against renting at an account now. An account whose instances cannot be listed is none to rent at: what is lost there
/// would be found by nobody. And one whose money is about to end stops what runs there already.
/// </summary>
public sealed class LaunchChecks(ListingCache listings, AccountStore accounts)
{
    /// <summary>A list that is older says nothing of how the account is now.</summary>
    private static readonly TimeSpan _listAge = TimeSpan.FromSeconds(30);

    /// <summary>How long what runs there must be paid for, with the new one. Providers stop everything some minutes before the end.</summary>
    private static readonly TimeSpan _reserve = TimeSpan.FromHours(1);

    /// <returns>Null = nothing; else nothing must be sent.</returns>
    public async Task<(RefusalKind Kind, string Words)?> FindAsync(IProvider provider, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(provider);
        if (provider is not IAccountSource)
        {
            return null;
        }

        if (await listings.GetAsync(provider.Name, _listAge, cancellation) is not { Seen.IsWhole: true })
        {
            return (RefusalKind.RateLimited, $"{provider.Name} does not say what runs there, so nothing was sent");
        }

        var account = (await accounts.ListAsync(BalanceLimits.Age, cancellation)).FirstOrDefault(one => one.Provider == provider.Name);
        // The new one is on the books already, and in this sum.
        return account is { SpendableMicros: { } left } && left < account.BurnMicros * _reserve.TotalHours
            ? (RefusalKind.InsufficientFunds, string.Create(CultureInfo.InvariantCulture, $"{Dollars(left)} are left at {provider.Name}, which does not pay for an hour of what would run there ({Dollars(account.BurnMicros)}/h), so nothing was sent; add credit"))
            : null;
    }

    private static string Dollars(long micros) => string.Create(CultureInfo.InvariantCulture, $"${new Money(micros).Dollars:0.00}");
}
