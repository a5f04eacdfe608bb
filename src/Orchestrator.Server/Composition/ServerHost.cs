using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Orchestrator.Engine.Security;
using Orchestrator.Server.Api;
using Orchestrator.Server.Dashboard;
using Orchestrator.Server.Security;
using Serilog;

namespace Orchestrator.Server.Composition;

/// <summary>Puts the web application together. What the engine brings comes in through <c>addEngine</c>.</summary>
public static class ServerHost
{
    /// <summary>Longer than Hangfire's own, so that ticks under way end in order.</summary>
    private static readonly TimeSpan ShutdownLimit = TimeSpan.FromSeconds(40);

    /// <summary>Builds, does not start.</summary>
    /// <param name="options">What was asked for.</param>
    /// <param name="token">The installation's first token.</param>
    /// <param name="log">Where logs go; disposed by the caller.</param>
    /// <param name="addEngine">Registers the desk ports (<see cref="Desk.IJobReader"/>, ...) and the engine's services.</param>
    /// <param name="mapEngine">Maps routes of the engine's own, like the folder store's.</param>
    public static WebApplication Build(ServeOptions options, ApiToken token, Serilog.ILogger log, Action<IServiceCollection> addEngine, Action<WebApplication>? mapEngine = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(addEngine);
        // Empty: no appsettings.json of whatever folder we were started in, no ASPNETCORE_ variables.
        var builder = WebApplication.CreateEmptyBuilder(new() { ApplicationName = "orchestrator", ContentRootPath = options.Folder.Root });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(AddressOf(options.Listen), options.Port);
        });
        builder.Configuration.AddInMemoryCollection(Telemetry.Variables());
        builder.Services.AddTelemetry(builder.Configuration);
        builder.Services.AddRouting();
        builder.Services.AddStaticFilesOfDashboard();
        builder.Services.AddSerilog(log, dispose: false);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownLimit);
        builder.Services.Configure<ConsoleLifetimeOptions>(lifetime => lifetime.SuppressStatusMessages = true);
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.PropertyNameCaseInsensitive = true);
        // Else a body that is no JSON is answered without a word.
        builder.Services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(new FileToken(token));
        builder.Services.AddSingleton<KnownTokens>();
        builder.Services.AddSingleton<ITokenCheck>(own => own.GetRequiredService<KnownTokens>());
        builder.Services.AddSingleton(new RunningServer(options.Folder, TimeProvider.System.GetUtcNow()));
        builder.Services.AddSessions(options.Folder);
        addEngine(builder.Services);
        builder.Services.AddDashboard();

        var app = builder.Build();
        Map(app, options, mapEngine);
        return app;
    }

    /// <summary>Where a started application listens, as a person on this machine reaches it.</summary>
    public static string UrlOf(WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        var address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        return LocalUrl(address.Host.Trim('[', ']'), address.Port).ToString().TrimEnd('/');
    }

    /// <summary>The address as this machine reaches it: what listens everywhere is reached by loopback.</summary>
    internal static Uri LocalUrl(string listen, int port)
    {
        var address = AddressOf(listen);
        var host = address.Equals(IPAddress.Any) ? IPAddress.Loopback : address.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback : address;
        return new UriBuilder("http", host.ToString(), port).Uri;
    }

    internal static IPAddress AddressOf(string listen) => listen == "localhost" ? IPAddress.Loopback : IPAddress.Parse(listen);

    private static void Map(WebApplication app, ServeOptions options, Action<WebApplication>? mapEngine)
    {
        var names = new HostNames(options.Configuration.Hosts.Add(options.Listen));
        app.Use(next => context => names.CheckAsync(context, next));
        app.Use(next => context =>
        {
            context.Response.Headers.XContentTypeOptions = "nosniff";
            context.Response.Headers.XFrameOptions = "DENY";
            return next(context);
        });
        app.UseStaticFilesOfDashboard();
        app.Use(next => context => ApiErrors.GuardAsync(context, next));
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.Use(next => context => CsrfCheck.CheckAsync(context, next));

        app.MapHealth();
        app.MapMetrics();
        app.MapLogin();
        app.MapLink();
        var api = app.MapGroup("/api/v1");
        api.MapJobs();
        api.MapSeries();
        api.MapBatches();
        api.MapReports();
        api.MapRehearsals();
        api.MapFiles();
        api.MapSystem();
        api.MapTokens();
        app.MapDashboard();
        mapEngine?.Invoke(app);
    }
}
