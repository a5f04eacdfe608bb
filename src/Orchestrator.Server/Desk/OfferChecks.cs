using System.Collections.Immutable;
using Orchestrator.Engine.Observing;
using Orchestrator.Server.Api;
using Orchestrator.Server.Configuration;

namespace Orchestrator.Server.Desk;

/// <summary>What <c>doctor</c> says of markets that are not seen, or in part.</summary>
internal static class OfferChecks
{
    private const string Area = "offers";

    /// <param name="seen">The markets.</param>
    /// <param name="accounts">Of the configuration.</param>
    /// <param name="said">What was said already, of the accounts among other things: a key that is refused there is refused here.</param>
    internal static IEnumerable<DoctorCheck> Of(OffersSeen seen, ImmutableArray<AccountEntry> accounts, ImmutableArray<DoctorCheck> said)
    {
        foreach (var silent in seen.Silent)
        {
            var account = accounts.FirstOrDefault(entry => silent.StartsWith(entry.Provider + ": ", StringComparison.Ordinal));
            var isKnown = account is not null && said.Any(check => check is { Area: AccountWords.Area, Level: "bad" } && check.Text.StartsWith(account.Name + ": ", StringComparison.Ordinal));
            yield return new(Area, "bad", silent, isKnown ? $"see the line of account {account!.Name} above" : "see the server's log");
        }

        foreach (var part in seen.Partly)
        {
            yield return new(Area, "warning", part, "a few minutes after a start that is usual");
        }
    }
}
