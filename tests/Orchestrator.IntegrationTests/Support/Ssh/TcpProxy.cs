using System.Net;
using System.Net.Sockets;

namespace Orchestrator.IntegrationTests.Support.Ssh;

/// <summary>A wire that can be cut, one that swallows everything without a word, and one at whose end nobody is.</summary>
public sealed class TcpProxy : IAsyncDisposable
{
    /// <summary>Connections that wait to be accepted; beyond them none is answered.</summary>
    private const int Backlog = 8;

    private static readonly TimeSpan _unanswered = TimeSpan.FromSeconds(1);

    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _end = new();
    private readonly List<Socket> _sockets = [];
    private readonly string _host;
    private readonly int _port;
    private readonly List<Socket> _fillers = [];
    private volatile bool _swallows;
    private volatile TaskCompletionSource _passable = Passable();

    /// <param name="host">Where it leads.</param>
    /// <param name="port">And to which port.</param>
    /// <param name="at">The address of its near end.</param>
    public TcpProxy(string host, int port, string at = "127.0.0.1")
    {
        (_host, _port) = (host, port);
        _listener = new(IPAddress.Parse(at), 0);
        _listener.Start(Backlog);
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _ = AcceptAsync();
    }

    public int Port { get; }

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

    /// <summary>
    /// As if everything behind the near end were gone: what was open stands still, and whoever connects hears nothing. The kernel leaves
    /// connections unanswered while as many wait as may; so many are made here.
    /// </summary>
    public async Task VanishAsync()
    {
        _swallows = true;
        _passable = new(TaskCreationOptions.RunContinuationsAsynchronously);
        while (true)
        {
            var filler = new Socket(SocketType.Stream, ProtocolType.Tcp);
            _fillers.Add(filler);
            using var limit = new CancellationTokenSource(_unanswered);
            try
            {
                await filler.ConnectAsync(_listener.LocalEndpoint, limit.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <summary>It is there again; what was open before is not.</summary>
    public void Return()
    {
        _fillers.ForEach(filler => filler.Dispose());
        _fillers.Clear();
        Cut();
        _swallows = false;
        _passable.TrySetResult();
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        Cut();
        _end.Dispose();
    }

    private static TaskCompletionSource Passable()
    {
        var open = new TaskCompletionSource();
        open.SetResult();
        return open;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var near = await _listener.AcceptSocketAsync(_end.Token);
                await _passable.Task.WaitAsync(_end.Token);
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
        try
        {
            await far.ConnectAsync(_host, _port, _end.Token);
            await Task.WhenAny(PumpAsync(near, far), PumpAsync(far, near));
        }
        catch (Exception ended) when (ended is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // Cut.
        }
        finally
        {
            near.Dispose();
            far.Dispose();
        }
    }

    private async Task PumpAsync(Socket from, Socket to)
    {
        var buffer = new byte[64 << 10];
        while (await from.ReceiveAsync(buffer, _end.Token) is > 0 and var read)
        {
            while (_swallows)
            {
                await Task.Delay(20, _end.Token);
            }

            await to.SendAsync(buffer.AsMemory(0, read), _end.Token);
        }
    }
}
