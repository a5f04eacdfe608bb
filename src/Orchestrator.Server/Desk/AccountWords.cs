using System.Globalization;
using Orchestrator.Engine.Store;
using Orchestrator.Providers;
using Orchestrator.Providers.Renting;
using Orchestrator.Server.Api;
using Orchestrator.Server.Configuration;
using Orchestrator.Server.Views;
using Orchestrator.Spending;

namespace Orchestrator.Server.Desk;

/// <summary>What is said of an account's key and of its money.</summary>
internal static class AccountWords
{
    internal const string Area = "account";

    /// <summary>Below it, an account is near its end whatever is rented.</summary>
    private static readonly Money _little = Money.FromDollars(1);

    /// <summary>Null where the refusal's own words say what to do, as of a call that we never sent, or where nobody knows.</summary>
    internal static string? Remedy(AccountEntry entry, ProviderException refused) => refused is { Kind: ProviderErrorKind.Unauthorized, NothingSent: false }
        ? $"make a new key there, and name it under accounts.{entry.Name}.key; {Rights(entry.Provider)}"
        : null;

    /// <summary>Of a key that was taken.</summary>
    /// <param name="name">Of the account.</param>
    /// <param name="account">As it tells of itself.</param>
    /// <param name="forecast">Of its money; null where it does not say what is left.</param>
    /// <param name="readsAll">All that has to be read was read.</param>
    internal static DoctorCheck Of(string name, AccountState account, AccountForecast? forecast, bool readsAll)
    {
        var key = $"{name}: the key {(readsAll ? "may read what it must" : "is taken")}{(account.Owner is { } owner ? $", account of {Clean.Line(owner, 80)}" : "")}";
        // There is no asking for that, but what runs has shown it.
        var rents = readsAll && forecast is not { Rentals: > 0 } ? "; whether it may rent shows at the first rental" : "";
        if (account.Spendable is not { } left || forecast is null)
        {
            return new(Area, "ok", $"{key}{rents}; it does not say what is left on the account");
        }

        var lasts = forecast.PerHour > Money.Zero ? $": {forecast.Words}; {forecast.LastsWords}" : "";
        var words = string.Create(CultureInfo.InvariantCulture, $"{key}, ${left.Dollars:0.00} left{lasts}{rents}");
        var lack = forecast.EndsAfter is null ? Money.Zero : forecast.Lack(BalanceLimits.Warn);
        return lack > Money.Zero ? new(Area, "warning", words, string.Create(CultureInfo.InvariantCulture, $"add ${Math.Ceiling(lack.Dollars * 100) / 100:0.00} or more, or pause a job: when it ends, everything that runs there is stopped"))
            : left < _little ? new(Area, "warning", words, "add credit: little can be rented there")
            : new(Area, "ok", words);
    }

    /// <summary>How its machines are reached, and what bounds what is rented there beside the jobs' budgets; limits that are set have lines of their own.</summary>
    internal static DoctorCheck Terms(AccountEntry entry, AccountState account)
    {
        var key = account.LoginKey switch
        {
            null => "our SSH key goes with each rental",
            "" => "our SSH key is put there with the first rental",
            var known => $"our SSH key is there as {Clean.Line(known, 60)}",
        };
        var limit = entry.Limits is { MaxHourly: null, MaxWeekly: null }
            ? $"; no limit on what it may spend is set here (accounts.{entry.Name}.limits)" + (entry.Provider == "runpod" ? ", and RunPod does not tell its own ($80/h for a new account)" : "")
            : "";
        return new(Area, "ok", $"{entry.Name}: {key}{limit}");
    }

    /// <summary>In the words of the page where it is made.</summary>
    private static string Rights(string provider) => provider switch
    {
        "vast" => "it needs the scopes misc, user_read, instance_read, instance_write and billing_read",
        "runpod" => "it must not be read-only, since it also has to rent and destroy",
        _ => "where the words are about the account and not the key, mend that there",
    };
}
