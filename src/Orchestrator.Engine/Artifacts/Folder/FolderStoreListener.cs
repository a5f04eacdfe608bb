using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Orchestrator.Engine.Artifacts.Folder;

/// <summary>
/// A listener that knows signed store URLs and nothing else, for ways in that strangers can reach: whoever is on a rented machine may
/// use the forward that ends here, so neither the API nor the dashboard is behind it. Each machine has one of its own: who holds all
/// connections of one machine shuts out no other.
/// </summary>
internal sealed class FolderStoreListener : IAsyncDisposable
{
    /// <summary>Beyond this the rest is closed at once, and an agent tries again.</summary>
    public const int MostConnections = 128;

    private static readonly TimeSpan _idle = TimeSpan.FromSeconds(30);

    /// <summary>Agents send a request's head as one piece.</summary>
    private static readonly TimeSpan _headers = TimeSpan.FromSeconds(5);

    private readonly WebApplication _app;
    private readonly int _most;
    private int _open;
    private int _ended;

    /// <param name="stores">Each at a path of its own.</param>
    /// <param name="mostConnections">At one time.</param>
    public FolderStoreListener(IReadOnlyList<FolderStore> stores, int mostConnections = MostConnections)
    {
        _most = mostConnections;
        var builder = WebApplication.CreateEmptyBuilder(new() { ApplicationName = "orchestrator-store" });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // What says nothing must not keep its place.
            kestrel.Limits.KeepAliveTimeout = _idle;
            kestrel.Limits.RequestHeadersTimeout = _headers;
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Use(next => connection => CountAsync(next, connection)));
        });
        builder.Services.AddRouting();
        _app = builder.Build();
        _app.UseRouting();
        foreach (var store in stores)
        {
            FolderStoreEndpoint.Map(_app, store, store.Path);
        }
    }

    /// <summary>On this machine's loopback address, once started.</summary>
    public int Port { get; private set; }

    /// <summary>How many connections have been closed so far, by whomever.</summary>
    public int Ended => Volatile.Read(ref _ended);

    public async Task StartAsync(CancellationToken cancellation)
    {
        await _app.StartAsync(cancellation);
        Port = new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task CountAsync(ConnectionDelegate next, ConnectionContext connection)
    {
        try
        {
            if (Interlocked.Increment(ref _open) > _most)
            {
                connection.Abort();
                return;
            }

            await next(connection);
        }
        finally
        {
            Interlocked.Decrement(ref _open);
            Interlocked.Increment(ref _ended);
        }
    }
}
