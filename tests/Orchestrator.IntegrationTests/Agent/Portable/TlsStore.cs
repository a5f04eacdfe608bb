using System.Collections.Immutable;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Orchestrator.Engine.Artifacts;
using Orchestrator.Engine.Artifacts.Folder;
using Orchestrator.Protocol;

namespace Orchestrator.IntegrationTests.Agent.Portable;

/// <summary>A folder store behind TLS, with the grants that the server would give.</summary>
public sealed class TlsStore : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("orc-tls-store-");
    private readonly WebApplication _app;
    private readonly GrantService _grants;

    private TlsStore(X509Certificate2 certificate)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate)));
        _app = builder.Build();
        Store = new FolderStore(_folder.FullName, new byte[32], () => new Uri(_app.Urls.First() + FolderStoreEndpoint.DefaultPath), TimeProvider.System);
        _grants = new GrantService(Store, TimeProvider.System);
        FolderStoreEndpoint.Map(_app, Store);
    }

    public FolderStore Store { get; }

    public static async Task<TlsStore> StartAsync(X509Certificate2 certificate)
    {
        var store = new TlsStore(certificate);
        await store._app.StartAsync();
        return store;
    }

    public Task<GrantAnswer> AnswerAsync(GrantRequest request) => _grants.AnswerAsync(
        request,
        new GrantScope { JobPrefixes = ["jobs/test-01J/e1/"], AttemptPrefix = "jobs/test-01J/e1/a0001/", MayWrite = true, Readable = ImmutableHashSet<string>.Empty },
        CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
