using System.Net;
using System.Net.Sockets;

namespace Orchestrator.IntegrationTests.Support.Ssh;

/// <summary>A wire that can be cut, and one that swallows everything without a word.</summary>
public sealed class TcpProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly List<Socket> _sockets = [];
    private readonly Func<long, CancellationToken, Task>? _gate;
    private readonly string _host;
    private readonly int _port;
    private volatile bool _swallows;

    /// <param name="host">Of the far side.</param>
    /// <param name="port">Of the far side.</param>
    /// <param name="gate">Asked before anything of the far side's is passed on, with how much of it that makes on this connection; ends with a <see cref="SocketException"/> to break the connection.</param>
    public TcpProxy(string host, int port, Func<long, CancellationToken, Task>? gate = null)
    {
        (_host, _port, _gate) = (host, port, gate);
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _ = AcceptAsync();
    }

    public int Port { get; }

    /// <summary>Connections of the moment.</summary>
    public int Count
    {
        get
        {
            lock (_sockets)
            {
                return _sockets.Count / 2;
            }
        }
    }

    /// <summary>From now on nothing passes, and nobody is told: what a cable does that is pulled out.</summary>
    public void Swallow(bool on) => _swallows = on;

    /// <summary>Every connection ends at once.</summary>
    public void Cut()
    {
        lock (_sockets)
        {
            _sockets.ForEach(socket => socket.Close(0));
            _sockets.Clear();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        Cut();
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var near = await _listener.AcceptSocketAsync(_end.Token);
                var far = new Socket(SocketType.Stream, ProtocolType.Tcp);
                lock (_sockets)
                {
                    _sockets.AddRange([near, far]);
                }

                _ = JoinAsync(near, far);
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The test is over.
        }
    }

    private async Task JoinAsync(Socket near, Socket far)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
        try
        {
            await far.ConnectAsync(_host, _port, over.Token);
            await Task.WhenAny(PumpAsync(near, far, null, over.Token), PumpAsync(far, near, _gate, over.Token));
        }
        catch (Exception ended) when (ended is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // Cut.
        }
        finally
        {
            await over.CancelAsync();
            near.Dispose();
            far.Dispose();
            lock (_sockets)
            {
                _sockets.RemoveAll(socket => socket == near || socket == far);
            }
        }
    }

    private async Task PumpAsync(Socket from, Socket to, Func<long, CancellationToken, Task>? gate, CancellationToken over)
    {
        var buffer = new byte[64 << 10];
        var passed = 0L;
        while (await from.ReceiveAsync(buffer, over) is > 0 and var read)
        {
            while (_swallows)
            {
                await Task.Delay(20, over);
            }

            passed += read;
            if (gate is not null)
            {
                await gate(passed, over);
            }

            await to.SendAsync(buffer.AsMemory(0, read), over);
        }
    }
}
