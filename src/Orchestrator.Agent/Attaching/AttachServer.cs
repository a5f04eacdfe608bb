using System.Net.Sockets;

namespace Orchestrator.Agent.Attaching;

/// <summary>Listens on the socket; one server at a time is served, the one with the highest epoch.</summary>
internal sealed class AttachServer(AgentHost host)
{
    private const int MostConnections = 16;
    private const UnixFileMode ForUs = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>In a container we are root, and whoever attaches is the machine's user, who alone may enter the socket's folder.</summary>
    private const UnixFileMode ForAll = ForUs | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    private readonly Lock _lock = new();
    private AttachConnection? _current;
    private long _highestEpoch = long.MinValue;
    private int _connections;

    public async Task RunAsync(CancellationToken cancellation)
    {
        var path = SocketAddress.ForListening(host.Folder);
        File.Delete(path);
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        File.SetUnixFileMode(path, host.Folder.InContainer ? ForAll : ForUs);
        listener.Listen(MostConnections);
        while (!cancellation.IsCancellationRequested)
        {
            var socket = await listener.AcceptAsync(cancellation);
            if (Interlocked.Increment(ref _connections) > MostConnections)
            {
                Interlocked.Decrement(ref _connections);
                Diagnostics.Write($"attach: more than {MostConnections} connections at once; the newest is closed");
                socket.Dispose();
                continue;
            }

            _ = ServeAsync(socket, cancellation);
        }
    }

    /// <summary>False = a server with a higher epoch was here: this one is out of date.</summary>
    public bool TryTake(AttachConnection connection, long epoch)
    {
        lock (_lock)
        {
            if (epoch < _highestEpoch)
            {
                return false;
            }

            _highestEpoch = epoch;
            _current?.Displace();
            _current = connection;
        }

        return true;
    }

    /// <summary>Before it is disposed, so that nobody displaces what is no more.</summary>
    private void Release(AttachConnection connection)
    {
        lock (_lock)
        {
            if (_current == connection)
            {
                _current = null;
            }
        }
    }

    private async Task ServeAsync(Socket socket, CancellationToken cancellation)
    {
        try
        {
            using var connection = new AttachConnection(host, this, socket);
            try
            {
                await connection.RunAsync(cancellation);
            }
            finally
            {
                Release(connection);
            }
        }
        finally
        {
            Interlocked.Decrement(ref _connections);
        }
    }
}
