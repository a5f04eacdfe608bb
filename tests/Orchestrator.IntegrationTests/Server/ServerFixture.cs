using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Orchestrator.Engine.Configuration;
using Orchestrator.Engine.Security;
using Orchestrator.IntegrationTests.Support;
using Orchestrator.Server.Composition;
using Orchestrator.Server.Configuration;
using Serilog;
using Xunit;

namespace Orchestrator.IntegrationTests.Server;

/// <summary>The real server on a free port, over a database of its own in the suite's cluster; one for a class of tests.</summary>
public sealed class ServerFixture(PostgresFixture postgres) : IAsyncLifetime
{
    private readonly DataFolder _folder = Orchestrator.Engine.Configuration.DataFolder.Create(Directory.CreateTempSubdirectory("orc-server-").FullName);
    private WebApplication _app = null!;

    internal ServerConfiguration Configuration { get; init; } = new();

    internal Uri Url { get; private set; } = null!;

    internal string Token { get; private set; } = "";

    internal string DataFolder => _folder.Root;

    internal IServiceProvider Services => _app.Services;

    public async Task InitializeAsync()
    {
        var token = ApiToken.LoadOrCreate(_folder.TokenFile);
        var options = new ServeOptions { Folder = _folder, Configuration = Configuration, Port = FreePort(), Database = await postgres.CreateDatabaseAsync() };
        _app = await EngineWiring.BuildAsync(options, token, new LoggerConfiguration().CreateLogger(), NullLoggerFactory.Instance, CancellationToken.None);
        await _app.StartAsync();
        Token = token.Value;
        Url = new Uri(ServerHost.UrlOf(_app));
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

    public async Task DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        // The cluster has a hundred connections for the whole suite.
        NpgsqlConnection.ClearAllPools();
        Directory.Delete(_folder.Root, recursive: true);
    }

    private static int FreePort()
    {
        using var probe = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
