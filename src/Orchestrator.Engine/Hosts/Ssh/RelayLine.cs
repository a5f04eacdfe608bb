using Microsoft.Extensions.Logging;
using Orchestrator.Determinism;
using Orchestrator.Engine.Artifacts.Folder;
using Orchestrator.Providers;
using Renci.SshNet.Common;

namespace Orchestrator.Engine.Hosts.Ssh;

/// <summary>The remote forward of one machine, kept open from the first time it is wanted.</summary>
internal sealed class RelayLine
{
    private const int FirstPort = 20_000;
    private const int Ports = 12_000;
    private const int Tries = 5;

    /// <summary>Some more than the listener serves, so that what it closes at once is not felt by the others.</summary>
    private const int MostThreads = FolderStoreListener.MostConnections + 64;

    /// <summary>Threads that all lines together may have set aside: some ten machines with all of their connections held.</summary>
    private const int MostThreadsInAll = 4096;

    private static readonly Lock _pool = new();
    private static readonly TimeSpan _shortest = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan _longest = TimeSpan.FromSeconds(15);

    private readonly MachineAddress _machine;
    private readonly Func<CancellationToken, Task<SshSession>> _connect;
    private readonly Func<FolderStoreListener> _listener;
    private readonly string _installation;
    private readonly ILogger _log;
    private readonly CancellationToken _stopping;
    private readonly Lock _gate = new();
    private TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _port;
    private bool _hasThreads;
    private string _trouble = "";

    /// <param name="machine">Where from.</param>
    /// <param name="connect">Makes a connection of its own to it.</param>
    /// <param name="listener">Where to: makes one of its own for every connection, so that its limits are this machine's alone.</param>
    /// <param name="installation">The installation's epoch: two installations ask a machine for different ports.</param>
    /// <param name="log">For what keeps it from being open.</param>
    /// <param name="stopping">Its end.</param>
    public RelayLine(MachineAddress machine, Func<CancellationToken, Task<SshSession>> connect, Func<FolderStoreListener> listener, string installation, ILogger log, CancellationToken stopping)
    {
        (_machine, _connect, _listener, _installation, _log, _stopping) = (machine, connect, listener, installation, log, stopping);
        _ = Task.Run(KeepAsync, CancellationToken.None);
    }

    /// <summary>On the machine's loopback address; 0 = not open now.</summary>
    public int RemotePort => Volatile.Read(ref _port);

    /// <exception cref="ProviderException">Not open within the time.</exception>
    public async Task OpenAsync(TimeSpan patience, CancellationToken cancellation)
    {
        Task open;
        lock (_gate)
        {
            open = _open.Task;
        }

        try
        {
            await open.WaitAsync(patience, cancellation);
        }
        catch (TimeoutException)
        {
            throw new ProviderException(ProviderErrorKind.Transient, _trouble.Length > 0 ? _trouble : $"machine {_machine.Name}: no way back to the store yet");
        }
    }

    private async Task KeepAsync()
    {
        var wait = _shortest;
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                using var session = await _connect(_stopping);
                await using var listener = _listener();
                await listener.StartAsync(_stopping);
                HaveThreads();
                Volatile.Write(ref _port, await ForwardAsync(session, listener));
                lock (_gate)
                {
                    _open.TrySetResult();
                }

                wait = _shortest;
                using var end = CancellationTokenSource.CreateLinkedTokenSource(session.Broken, _stopping);
                await Task.Delay(Timeout.Infinite, end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception failure)
            {
                // Whatever it is: nobody begins this line a second time.
                if (_trouble != failure.Message && !_stopping.IsCancellationRequested)
                {
                    _trouble = failure.Message;
                    _log.LogWarning("{Machine}: no way from there to the store: {Words}", _machine.Name, failure.Message);
                }
            }

            lock (_gate)
            {
                Volatile.Write(ref _port, 0);
                _open = _open.Task.IsCompleted ? new(TaskCreationOptions.RunContinuationsAsynchronously) : _open;
            }

            await Task.Delay(wait, _stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            wait = wait * 2 > _longest ? _longest : wait * 2;
        }
    }

    /// <summary>
    /// Each connection keeps a thread of the pool. It makes new ones slowly: whoever holds a hundred connections on one machine would have
    /// all of this server wait for a minute, leases and all.
    /// </summary>
    private void HaveThreads()
    {
        if (_hasThreads)
        {
            return;
        }

        lock (_pool)
        {
            ThreadPool.GetMinThreads(out var workers, out var completions);
            _hasThreads = ThreadPool.SetMinThreads(Math.Max(workers, Math.Min(workers + MostThreads, MostThreadsInAll)), completions);
        }
    }

    /// <summary>
    /// The same port every time where that is free, so that URLs outlive a reconnect; the next where the machine's sshd has not noticed
    /// yet that an older connection is gone, or somebody else has it.
    /// </summary>
    private async Task<int> ForwardAsync(SshSession session, FolderStoreListener listener)
    {
        var begun = 0;
        var first = StableHash.Of(_machine.Name, _installation);
        for (var offset = 0; ; offset++)
        {
            var port = FirstPort + (int)((first + (ulong)offset) % Ports);
            try
            {
                await Task.Run(() => session.ForwardFrom(port, listener.Port, () => Interlocked.Increment(ref begun) - listener.Ended <= MostThreads), CancellationToken.None);
                return port;
            }
            catch (SshException refused) when (session.IsUsable && offset + 1 >= Tries)
            {
                throw new ProviderException(ProviderErrorKind.Rejected, $"machine {_machine.Name}: sshd there permits no remote forward (\"AllowTcpForwarding\" must be yes or remote): {refused.Message}; or use a bucket as store", refused);
            }
            catch (SshException) when (session.IsUsable)
            {
                // In use: the next one.
            }
        }
    }
}
