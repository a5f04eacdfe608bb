using System.Collections.Immutable;
using Orchestrator.Server.Api;
using Orchestrator.Server.Configuration;

namespace Orchestrator.Server.Desk;

/// <summary>A key in the environment is used only where an account is configured: whoever has set one and sees nothing rented is told.</summary>
internal static class KeyHint
{
    /// <param name="accounts">Of the configuration.</param>
    /// <param name="variables">The server's environment; asked whether they are set, their values stay there.</param>
    /// <returns>Nothing where an account is configured or no key is set.</returns>
    internal static ImmutableArray<DoctorCheck> Of(ImmutableArray<AccountEntry> accounts, Func<string, string?> variables)
    {
        if (!accounts.IsEmpty || KeyVariables.Set(variables).ToList() is not { Count: > 0 } keys)
        {
            return [];
        }

        var (are, them) = keys.Count == 1 ? ("is", "it") : ("are", "them");
        var entries = string.Join(", ", keys.Select(key => $"{key.Key}: {{key: {{env: {key.Value}}}}}"));
        return
        [
            new(
                "account", "warning",
                $"{string.Join(" and ", keys.Select(key => key.Value))} {are} set in the server's environment, but orchestrator.yaml has no account that uses {them}: nothing is rented",
                $"to rent with {them}, add this line to orchestrator.yaml: accounts: {{{entries}}}, then: orchestrator server stop"),
        ];
    }
}
