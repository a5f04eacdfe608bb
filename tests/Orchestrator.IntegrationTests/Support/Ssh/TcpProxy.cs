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
    private readonly Func<long, CancellationToken, Task>? _gate;
    private readonly string _host;
    private readonly int _port;
    private readonly List<Socket> _fillers = [];
    private volatile bool _swallows;
    private volatile TaskCompletionSource _passable = Passable();

    /// <param name="host">Of the far side.</param>
    /// <param name="port">Of the far side.</param>
    /// <param name="at">The address of its near end.</param>
    /// <param name="gate">Asked before anything of the far side's is passed on, with how much of it that makes on this connection; ends with a <see cref="SocketException"/> to break the connection.</param>
    public TcpProxy(string host, int port, string at = "127.0.0.1", Func<long, CancellationToken, Task>? gate = null)
    {
        (_host, _port, _gate) = (host, port, gate);
        _listener = new(IPAddress.Parse(at), 0);
        _listener.Start(Backlog);
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
