using Orchestrator.Engine.Observing;
using Orchestrator.Providers;
using Orchestrator.Providers.Renting;
using Orchestrator.Server.Api;

namespace Orchestrator.Server.Desk;

/// <summary>What <c>doctor</c> says of the accounts that pay.</summary>
internal static class AccountChecks
{
    /// <summary>Below it, an account is near its end whatever is rented.</summary>
    private static readonly Money _little = Money.FromDollars(1);

    public static async Task<IReadOnlyList<DoctorCheck>> OfAsync(ProviderSet providers, CancellationToken cancellation)
    {
        var checks = new List<DoctorCheck>();
        foreach (var provider in providers.All)
        {
            if (provider is IAccountSource source)
            {
                checks.Add(await OfAsync(provider.Name, source, cancellation));
            }
        }

        return checks;
    }

    private static async Task<DoctorCheck> OfAsync(string name, IAccountSource source, CancellationToken cancellation)
    {
        try
        {
            var account = await source.GetAccountAsync(cancellation);
            var words = $"{name}: the key is good{(account.Owner is { } owner ? $", account of {Views.Clean.Line(owner, 80)}" : "")}{(account.Spendable is { } left ? $", ${left.Dollars:0.00} left" : "")}";
            return account.Spendable < _little ? new("account", "warning", words, "add credit: without it everything that runs there is stopped") : new("account", "ok", words);
        }
        catch (ProviderException refused)
        {
            return new("account", "bad", $"{name}: {refused.Message}", refused.Kind == ProviderErrorKind.Unauthorized ? $"make a new key there, and name it under accounts.{name}.key" : null);
        }
    }
}
