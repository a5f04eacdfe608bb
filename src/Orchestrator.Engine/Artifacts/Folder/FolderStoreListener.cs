using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Orchestrator.Engine.Artifacts.Folder;

/// <summary>
/// A listener that knows signed store URLs and nothing else, for ways in that strangers can reach: whoever is on a rented machine may
/// use the forward that ends here, so neither the API nor the dashboard is behind it.
/// </summary>
public sealed class FolderStoreListener : IHostedService, IAsyncDisposable
{
    /// <summary>
    /// Each is a channel and a thread as well, for whoever on those machines opens it: beyond this the rest is closed at once, and an agent
    /// tries again.
    /// </summary>
    private const int MostConnections = 256;

    private static readonly TimeSpan _idle = TimeSpan.FromSeconds(30);

    private readonly WebApplication _app;
    private readonly IReadOnlyList<FolderStore> _stores;

    /// <param name="stores">Each at a path of its own.</param>
    /// <param name="installation">The installation's epoch: two installations ask a machine for different ports.</param>
    /// <param name="mostConnections">At one time.</param>
    public FolderStoreListener(IReadOnlyList<FolderStore> stores, string installation, int mostConnections = MostConnections)
    {
        _stores = stores;
        Installation = installation;
        var builder = WebApplication.CreateEmptyBuilder(new() { ApplicationName = "orchestrator-store" });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = mostConnections;
            // What says nothing must not keep its place.
            kestrel.Limits.KeepAliveTimeout = _idle;
            kestrel.Limits.RequestHeadersTimeout = _idle;
            kestrel.Listen(IPAddress.Loopback, 0);
        });
        builder.Services.AddRouting();
        _app = builder.Build();
        _app.UseRouting();
        foreach (var store in stores)
        {
            FolderStoreEndpoint.Map(_app, store, store.Path);
        }
    }

    public string Installation { get; }

    /// <summary>On this machine's loopback address, once started.</summary>
    public int Port { get; private set; }

    public bool Serves(string path) => _stores.Any(store => store.Path == path);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _app.StartAsync(cancellationToken);
        Port = new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;
    }

    public Task StopAsync(CancellationToken cancellationToken) => _app.StopAsync(cancellationToken);

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
