using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orchestrator.Engine.Artifacts.Folder;
using Orchestrator.Providers;

namespace Orchestrator.Engine.Hosts.Ssh;

/// <summary>
/// The folder store for machines without a bucket: a listener of its own that knows signed store URLs and nothing else, and one remote
/// forward per machine that ends there, on a connection of its own that is made again whenever it breaks.
/// </summary>
public sealed class FolderStoreRelay : BackgroundService, IStoreRelay
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(15);

    private readonly Func<MachineAddress, Func<CancellationToken, Task<SshSession>>> _way;
    private readonly FolderStoreListener _listener;
    private readonly Func<Uri> _server;
    private readonly ILogger<FolderStoreRelay> _log;

    /// <summary>Lazy: two first grants at one moment must not begin two lines, of which one would be held for ever by nobody.</summary>
    private readonly ConcurrentDictionary<MachineAddress, Lazy<RelayLine>> _lines = new();
    private readonly CancellationTokenSource _stopping = new();

    public FolderStoreRelay(SshNetwork network, FolderStoreListener listener, Func<Uri> server, ILogger<FolderStoreRelay> log)
        : this(machine => network.To(machine).RelaySessionAsync, listener, server, log)
    {
    }

    /// <param name="way">Asked once for each line that is begun: how it connects to its machine.</param>
    /// <param name="listener">Where lines end.</param>
    /// <param name="server">What signed URLs of the folder store name.</param>
    /// <param name="log">For what keeps a line from being open.</param>
    internal FolderStoreRelay(Func<MachineAddress, Func<CancellationToken, Task<SshSession>>> way, FolderStoreListener listener, Func<Uri> server, ILogger<FolderStoreRelay> log) =>
        (_way, _listener, _server, _log) = (way, listener, server, log);

    public async Task<string> ReachAsync(MachineAddress machine, string url, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(machine);
        if (!Uri.TryCreate(url, UriKind.Absolute, out var signed) || signed.Authority != _server().Authority || !_listener.Serves(signed.AbsolutePath))
        {
            return url;
        }

        var line = _lines.GetOrAdd(machine, address => new(() => new RelayLine(address, _way(address), _listener, _log, _stopping.Token))).Value;
        await line.OpenAsync(_patience, cancellation);
        // The port of the moment: an agent asks for a new URL with every try.
        return line.RemotePort is > 0 and var port
            ? new UriBuilder(signed) { Host = "127.0.0.1", Port = port }.Uri.AbsoluteUri
            : throw new ProviderException(ProviderErrorKind.Transient, $"machine {machine.Name}: the way back to the store was cut just now");
    }

    /// <summary>Whoever it was registered as disposes it, so more than once; nothing here needs more than the signal.</summary>
    public override void Dispose()
    {
        _stopping.Cancel();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var both = stoppingToken.Register(_stopping.Cancel);
        await Task.Delay(Timeout.Infinite, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
