using System.Globalization;
using Orchestrator.Engine.Observing;
using Orchestrator.Engine.Store;
using Orchestrator.Jobs;
using Orchestrator.Providers;
using Orchestrator.Providers.Renting;
using Orchestrator.Reconciling;
using Orchestrator.Spending;

namespace Orchestrator.Engine.Acting;

/// <summary>
/// What speaks against renting at an account now. An account whose instances cannot be listed is none to rent at: what is lost there
/// would be found by nobody. And one whose money is about to end stops what runs there already.
/// </summary>
public sealed class LaunchChecks(ListingCache listings, AccountStore accounts, AccountBooks books)
{
    /// <summary>A list that is older says nothing of how the account is now.</summary>
    private static readonly TimeSpan _listAge = TimeSpan.FromSeconds(30);

    /// <param name="provider">Where it is to be rented.</param>
    /// <param name="job">For whom; its attempt is on the books already.</param>
    /// <param name="attempt">Of the job.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>Null = nothing; else nothing must be sent.</returns>
    public async Task<(RefusalKind Kind, string Words)?> FindAsync(IProvider provider, JobId job, int attempt, CancellationToken cancellation)
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

        if ((await accounts.ListAsync(BalanceLimits.Age, cancellation)).FirstOrDefault(one => one.Provider == provider.Name) is not { SpendableMicros: { } left })
        {
            return null;
        }

        var there = (await books.NeedsAsync(cancellation))[provider.Name].ToLookup(need => need.Job == job && need.Attempt == attempt);
        var running = AccountForecast.Of(new(left), [.. there[false]]);
        return there[true].FirstOrDefault() is { } added && running.OfOneMore(added, BalanceLimits.Reserve) is { } lack
            ? (RefusalKind.InsufficientFunds, WordsOf(provider.Name, running, added, lack))
            : null;
    }

    internal static string WordsOf(string provider, AccountForecast running, AccountNeed added, AccountLack lack)
    {
        var hours = string.Create(CultureInfo.InvariantCulture, $"{lack.Within.TotalHours:0.#} h");
        return lack.Running is { } taken
            ? $"{Dollars(running.Left)} are left at {provider}, and what runs there takes {Dollars(taken)} of it until it is done, within {hours}; with one more at {Dollars(added.PerHour)}/h the money would end before, so nothing was sent: add {Dollars(lack.Money)} or more, or wait for those"
            : $"{Dollars(running.Left)} are left at {provider}, which does not pay for {hours} of what would run there ({Dollars(running.PerHour + added.PerHour)}/h), so nothing was sent: add {Dollars(lack.Money)} or more";
    }

    /// <summary>To the cent, rounded up.</summary>
    private static string Dollars(Money amount) => string.Create(CultureInfo.InvariantCulture, $"${Math.Ceiling(amount.Dollars * 100) / 100:0.00}");
}
