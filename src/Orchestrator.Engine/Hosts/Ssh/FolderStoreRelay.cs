using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orchestrator.Engine.Artifacts.Folder;
using Orchestrator.Providers;

namespace Orchestrator.Engine.Hosts.Ssh;

/// <summary>
/// The folder store for machines without a bucket: one remote forward per machine, which ends in a listener of its own that knows
/// signed store URLs and nothing else, on a connection of its own that is made again whenever it breaks.
/// </summary>
public sealed class FolderStoreRelay : BackgroundService, IStoreRelay
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(15);

    private readonly Func<MachineAddress, Func<CancellationToken, Task<SshSession>>> _way;
    private readonly IReadOnlyList<FolderStore> _stores;
    private readonly string _installation;
    private readonly Func<Uri> _server;
    private readonly ILogger<FolderStoreRelay> _log;

    /// <summary>Lazy: two first grants at one moment must not begin two lines, of which one would be held for ever by nobody.</summary>
    private readonly ConcurrentDictionary<MachineAddress, Lazy<RelayLine>> _lines = new();
    private readonly CancellationTokenSource _stopping = new();

    public FolderStoreRelay(SshNetwork network, IReadOnlyList<FolderStore> stores, string installation, Func<Uri> server, ILogger<FolderStoreRelay> log)
        : this(machine => network.To(machine).RelaySessionAsync, stores, installation, server, log)
    {
    }

    /// <param name="way">Asked once for each line that is begun: how it connects to its machine.</param>
    /// <param name="stores">What lines lead to.</param>
    /// <param name="installation">The installation's epoch.</param>
    /// <param name="server">What signed URLs of the folder store name.</param>
    /// <param name="log">For what keeps a line from being open.</param>
    internal FolderStoreRelay(Func<MachineAddress, Func<CancellationToken, Task<SshSession>>> way, IReadOnlyList<FolderStore> stores, string installation, Func<Uri> server, ILogger<FolderStoreRelay> log) =>
        (_way, _stores, _installation, _server, _log) = (way, stores, installation, server, log);

    public async Task<string> ReachAsync(MachineAddress machine, string url, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(machine);
        if (!Uri.TryCreate(url, UriKind.Absolute, out var signed) || signed.Authority != _server().Authority || _stores.All(store => store.Path != signed.AbsolutePath))
        {
            return url;
        }

        var line = _lines.GetOrAdd(machine, address => new(() => new RelayLine(address, _way(address), () => new FolderStoreListener(_stores), _installation, _log, _stopping.Token))).Value;
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
