using System.Net.Sockets;
using Orchestrator.IntegrationTests.Support.Ssh;

namespace Orchestrator.IntegrationTests.Hosts.Docker;

/// <summary>The way to a registry. What is small passes; in the middle of a layer the connection breaks, or nothing comes any more, as a test wants it.</summary>
public sealed class LayerLine : IAsyncDisposable
{
    /// <summary>More than all manifests and configurations together.</summary>
    private const long Small = 4 << 20;

    private readonly TcpProxy _proxy;
    private volatile bool _breaks;
    private volatile bool _holds;
    private volatile bool _held;
    private int _drips;

    /// <param name="registry">HOST:PORT.</param>
    public LayerLine(string registry)
    {
        var at = registry.Split(':');
        _proxy = new(at[0], int.Parse(at[1], System.Globalization.CultureInfo.InvariantCulture), gate: PassAsync);
    }

    /// <summary>As images name it.</summary>
    public string Host => FormattableString.Invariant($"127.0.0.1:{_proxy.Port}");

    public bool Breaks
    {
        get => _breaks;
        set => _breaks = value;
    }

    public bool Holds
    {
        get => _holds;
        set => _holds = value;
    }

    /// <summary>A layer has come in part, and stands.</summary>
    public bool HasHeld => _held;

    /// <summary>Connections of the moment.</summary>
    public int Count => _proxy.Count;

    /// <summary>A little of what is held passes: who does not want it any more may notice only then.</summary>
    public void Drip() => Volatile.Write(ref _drips, 1);

    public ValueTask DisposeAsync() => _proxy.DisposeAsync();

    private async Task PassAsync(long bytes, CancellationToken over)
    {
        if (bytes <= Small)
        {
            return;
        }

        if (_breaks)
        {
            throw new SocketException((int)SocketError.ConnectionReset);
        }

        while (_holds && Interlocked.Exchange(ref _drips, 0) == 0)
        {
            _held = true;
            await Task.Delay(20, over);
        }
    }
}
