using System.Net;
using System.Net.Sockets;

namespace Orchestrator.Emulators;

/// <summary>
/// A port of this machine that passes connections on as they are, TLS unopened, and counts their bytes for the hosts whose they are. It says
/// nothing of its own: where nobody listens behind it, a connection is closed at once.
/// </summary>
public sealed class TrafficRelay : IAsyncDisposable
{
    private const int BufferBytes = 64 << 10;

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _ends = new();
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly IPEndPoint _upstream;
    private readonly Func<Socket, TrafficCount?> _owner;
    private readonly bool _clientIsHost;
    private readonly List<Task> _connections = [];
    private readonly Task _accepting;

    private TrafficRelay(IPEndPoint upstream, Func<Socket, TrafficCount?> owner, bool clientIsHost)
    {
        (_upstream, _owner, _clientIsHost) = (upstream, owner, clientIsHost);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(512);
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
        _accepting = AcceptAsync();
    }

    public int Port { get; }

    /// <summary>In front of what hosts connect to, and others as well.</summary>
    /// <param name="upstream">Where connections go on.</param>
    /// <param name="owner">Whose one is, by its two ends: the client's, then ours. Null = nobody's, and it is not counted. Asked before a byte is passed.</param>
    public static TrafficRelay OfHosts(IPEndPoint upstream, Func<IPEndPoint, IPEndPoint, TrafficCount?> owner)
    {
        ArgumentNullException.ThrowIfNull(owner);
        return new(upstream, client => owner((IPEndPoint)client.RemoteEndPoint!, (IPEndPoint)client.LocalEndPoint!), clientIsHost: true);
    }

    /// <summary>In front of a port of one host.</summary>
    public static TrafficRelay ToHost(IPEndPoint upstream, TrafficCount host) => new(upstream, _ => host, clientIsHost: false);

    /// <summary>Cuts what is connected.</summary>
    public async ValueTask DisposeAsync()
    {
        await _ends.CancelAsync();
        await _accepting;
        _listener.Dispose();
        // With what went wrong in one that was not its end.
        await Task.WhenAll(_connections);
        _ends.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptAsync(_ends.Token);
                lock (_gate)
                {
                    _connections.RemoveAll(connection => connection.IsCompletedSuccessfully);
                    _connections.Add(Task.Run(() => ServeAsync(client)));
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using var upstream = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using (client)
        {
            try
            {
                client.NoDelay = true;
                await upstream.ConnectAsync(_upstream, _ends.Token);
                var host = _owner(client);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(_ends.Token);
                await Task.WhenAll(
                    PassAsync(client, upstream, bytes => Count(host, bytes, isSent: _clientIsHost), either),
                    PassAsync(upstream, client, bytes => Count(host, bytes, isSent: !_clientIsHost), either));
            }
            catch (Exception cut) when (cut is SocketException or OperationCanceledException)
            {
                // One end is gone, or nobody is there: the other is told by the close of its own.
            }
        }
    }

    private static void Count(TrafficCount? host, int bytes, bool isSent)
    {
        if (isSent)
        {
            host?.Send(bytes);
        }
        else
        {
            host?.Receive(bytes);
        }
    }

    /// <summary>One direction until its end, which is passed on as well; when it is cut, so is the other.</summary>
    private static async Task PassAsync(Socket from, Socket to, Action<int> count, CancellationTokenSource either)
    {
        var buffer = new byte[BufferBytes];
        try
        {
            while (await from.ReceiveAsync(buffer, either.Token) is > 0 and var read)
            {
                // What was received has been on the line, whoever takes it.
                count(read);
                for (var sent = 0; sent < read;)
                {
                    sent += await to.SendAsync(buffer.AsMemory(sent, read - sent), either.Token);
                }
            }

            to.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            await either.CancelAsync();
            throw;
        }
    }
}
