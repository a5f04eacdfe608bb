using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;
using Orchestrator.Engine.Http;
using Orchestrator.Engine.Security;
using Orchestrator.Providers;
using Orchestrator.Providers.Http;
using Orchestrator.Providers.Lambda;
using Orchestrator.Providers.Renting;
using Orchestrator.Providers.RunPod;
using Orchestrator.Providers.VastAi;
using Orchestrator.Server.Configuration;

namespace Orchestrator.Server.Composition;

/// <summary>The rental providers with nothing but API keys: no database, so nothing can be rented, only listed and destroyed.</summary>
internal sealed class BareRental(Func<string, string?> variables)
{
    private readonly LonePacer _pacer = new(TimeProvider.System);

    /// <summary>Those of the configuration, and those whose key is in the environment.</summary>
    public ImmutableArray<AccountEntry> Accounts(ImmutableArray<AccountEntry> configured) =>
    [
        .. configured.Select(Reachable),
        .. KeyVariables.Set(variables).Where(pair => configured.All(entry => entry.Provider != pair.Key))
            .Select(pair => new AccountEntry { Name = pair.Key, Provider = pair.Key, Key = new TokenSource.FromEnvironment(pair.Value) }),
    ];

    public IProvider Make(AccountEntry account) => account.Provider switch
    {
        "lambda" => new LambdaProvider(new(), Client(account, new LambdaOptions().Api), new NoReach(), TimeProvider.System),
        "runpod" => new RunPodProvider(new(), Client(account, new RunPodOptions().Api), new NoReach(), TimeProvider.System),
        "vast" => new VastProvider(new(), Client(account, new VastOptions().Api), new NoReach(), TimeProvider.System),
        _ => throw new InvalidOperationException($"no provider is called {account.Provider}"),
    };

    /// <summary>A stored secret lies in the database, which may be what is broken: the environment's key takes its place.</summary>
    private AccountEntry Reachable(AccountEntry entry) => entry.Key is TokenSource.FromSecret && KeyVariables.Names.TryGetValue(entry.Provider, out var variable) && variables(variable) is { Length: > 0 }
        ? entry with { Key = new TokenSource.FromEnvironment(variable) }
        : entry;

    private ApiClient Client(AccountEntry account, ApiOptions usual)
    {
        var api = account.At(usual);
        return new(WebHandlers.Create(direct: api.BaseAddress.IsLoopback), account.Provider, new AccountKey(account, new TokenReader(SecretAsync, variables)).ReadAsync, api, _pacer);

        Task<string?> SecretAsync(string name, CancellationToken cancellation) =>
            throw new TokenException($"accounts.{account.Name}.key is the secret {name}, which lies in the database; set {KeyVariables.Names.GetValueOrDefault(account.Provider)} in the environment for this command");
    }

    /// <summary>Nothing is reached and nothing is rented.</summary>
    private sealed class NoReach : IReachKeys
    {
        public string LoginKey => throw new InvalidOperationException("there is no login key without a database");

        public string? LoginKeyFile => null;

        public DerivedKey HostKeyOf(string label) => throw new InvalidOperationException("there are no host keys without a database");
    }
}
