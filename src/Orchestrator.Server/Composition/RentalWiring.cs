using System.Collections.Immutable;
using System.Security.Cryptography;
using Npgsql;
using Orchestrator.Engine.Hosts;
using Orchestrator.Engine.Http;
using Orchestrator.Engine.Security;
using Orchestrator.Engine.Store;
using Orchestrator.Providers;
using Orchestrator.Providers.Http;
using Orchestrator.Providers.Lambda;
using Orchestrator.Providers.Renting;
using Orchestrator.Providers.RunPod;
using Orchestrator.Providers.VastAi;
using Orchestrator.Server.Configuration;

namespace Orchestrator.Server.Composition;

/// <summary>Makes the providers of the accounts that the configuration names. Without one, nothing of it is made.</summary>
/// <param name="options">With the configuration.</param>
/// <param name="source">Where request limits are shared.</param>
/// <param name="keys">Seals the secret that instances are reached with.</param>
/// <param name="secrets">Where that lies.</param>
/// <param name="tokens">Reads API keys.</param>
/// <param name="loggers">For the providers.</param>
/// <param name="guard">Knows whose the accounts are.</param>
internal sealed class RentalWiring(ServeOptions options, NpgsqlDataSource source, SecretsKeyring keys, SecretStore secrets, TokenReader tokens, ILoggerFactory loggers, IAccountGuard guard)
{
    private const int SecretLength = 32;

    public async Task<ImmutableArray<IProvider>> BuildAsync(CancellationToken cancellation)
    {
        var accounts = options.Configuration.Accounts;
        if (accounts.IsEmpty)
        {
            return [];
        }

        var reach = await ReachAsync(cancellation);
        return [.. accounts.Select(account => Make(account, reach))];
    }

    private IProvider Make(AccountEntry account, ReachKeys reach) => account.Provider switch
    {
        "lambda" => Lambda(account, reach),
        "runpod" => RunPod(account, reach),
        "vast" => Vast(account, reach),
        _ => throw new InvalidOperationException($"no provider is called {account.Provider}"),
    };

    private LambdaProvider Lambda(AccountEntry account, ReachKeys reach)
    {
        var usual = new LambdaOptions();
        var own = usual with { Api = account.At(usual.Api) };
        return new LambdaProvider(own, Client(account, own.Api), reach, TimeProvider.System, loggers.CreateLogger<LambdaProvider>());
    }

    private RunPodProvider RunPod(AccountEntry account, ReachKeys reach)
    {
        var usual = new RunPodOptions();
        var own = usual with { Api = account.At(usual.Api) };
        return new RunPodProvider(own, Client(account, own.Api), reach, TimeProvider.System, loggers.CreateLogger<RunPodProvider>());
    }

    private VastProvider Vast(AccountEntry account, ReachKeys reach)
    {
        var usual = new VastOptions();
        var own = usual with { Unverified = account.Unverified, Api = account.At(usual.Api) };
        return new VastProvider(own, Client(account, own.Api), reach, TimeProvider.System, loggers.CreateLogger<VastProvider>());
    }

    private ApiClient Client(AccountEntry account, ApiOptions api) => new(
        new HttpMessageInvoker(new CallMeter(account.Provider, WebHandlers.CreateHandler(direct: api.BaseAddress.IsLoopback), TimeProvider.System)), account.Provider, new AccountKey(account, tokens).ReadAsync, api, new RequestPacer(source, TimeProvider.System), guard);

    private async Task<ReachKeys> ReachAsync(CancellationToken cancellation)
    {
        var found = await secrets.FindOrAddReachAsync(name => keys.Seal(name, Convert.ToBase64String(RandomNumberGenerator.GetBytes(SecretLength))), cancellation);
        return new ReachKeys(Convert.FromBase64String(keys.Open(found.Name, found.Ciphertext)), options.Folder.Root);
    }
}
