using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging;
using Npgsql;
using Orchestrator.Engine.Configuration;
using Orchestrator.Engine.Security;
using Orchestrator.IntegrationTests.Support;
using Orchestrator.Server.Composition;
using Serilog;

namespace Orchestrator.IntegrationTests.Server;

/// <summary>The real server on a free port, over a database of its own in the suite's cluster.</summary>
internal sealed class ServerFixture : IAsyncDisposable
{
    private readonly string _root;
    private readonly WebApplication _app;

    private ServerFixture(string root, WebApplication app, ApiToken token)
    {
        _root = root;
        _app = app;
        Token = token.Value;
        Url = new Uri(ServerHost.UrlOf(app));
    }

    internal Uri Url { get; }

    internal string Token { get; }

    internal string DataFolder => _root;

    internal IServiceProvider Services => _app.Services;

    internal static async Task<ServerFixture> StartAsync(PostgresFixture postgres)
    {
        var folder = Orchestrator.Engine.Configuration.DataFolder.Create(Directory.CreateTempSubdirectory("orc-server-").FullName);
        var token = ApiToken.LoadOrCreate(folder.TokenFile);
        var options = new ServeOptions
        {
            Folder = folder,
            Configuration = new(),
            Port = FreePort(),
            Database = await postgres.CreateDatabaseAsync(),
        };
        var app = await EngineWiring.BuildAsync(options, token, new LoggerConfiguration().CreateLogger(), NullLoggerFactory.Instance, CancellationToken.None);
        await app.StartAsync();
        return new(folder.Root, app, token);
    }

    /// <summary>A client that follows no redirect and keeps cookies only where told.</summary>
    internal HttpClient Client(string? token = null, CookieContainer? cookies = null)
    {
        var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = cookies is not null, CookieContainer = cookies ?? new() }) { BaseAddress = Url };
        if (token is not null)
        {
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        return client;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        Directory.Delete(_root, recursive: true);
    }

    private static int FreePort()
    {
        using var probe = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
