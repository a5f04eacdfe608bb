using System.Net;
using Orchestrator.Providers;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace Orchestrator.Engine.Hosts.Ssh;

/// <summary>
/// One connection to one machine with a budget of channels. A probe notices what the library does not: a connection whose other side
/// is gone without a word. Once broken it stays broken; a new one is made instead.
/// </summary>
internal sealed class SshSession : IDisposable
{
    private readonly SshClient _client;
    private readonly SshSession? _jump;
    private readonly string _firstHop;
    private readonly SshSettings _settings;
    private readonly SemaphoreSlim _channels;
    private readonly CancellationTokenSource _broken = new();
    private readonly Timer _probe;
    private long _lastAnswer = Environment.TickCount64;
    private int _ended;

    private SshSession(MachineAddress machine, SshClient client, SshSession? jump, SshSettings settings)
    {
        Machine = machine;
        _client = client;
        _jump = jump;
        _settings = settings;
        _firstHop = FirstHop(machine);
        _channels = new SemaphoreSlim(settings.Channels, settings.Channels);
        Broken = _broken.Token;
        _client.ErrorOccurred += (_, _) => Break();
        _probe = new Timer(_ => _ = ProbeAsync(), null, settings.ProbeEvery, settings.ProbeEvery);
        Answered();
    }

    public MachineAddress Machine { get; }

    /// <summary>Cancelled when the connection is gone.</summary>
    public CancellationToken Broken { get; }

    public bool IsUsable => !_broken.IsCancellationRequested && _client.IsConnected;

    /// <exception cref="ProviderException">In words a person can act on.</exception>
    public static async Task<SshSession> ConnectAsync(MachineAddress machine, KnownMachines known, SshSettings settings, CancellationToken cancellation)
    {
        SshSession? jump = null;
        try
        {
            var (host, port) = (machine.Host, machine.Port);
            if (machine.Jump is { } way)
            {
                jump = await ConnectAsync(way, known, settings, cancellation);
                (host, port) = (IPAddress.Loopback.ToString(), jump.ForwardTo(machine.Host, machine.Port));
            }
            else
            {
                settings.Network?.Tries(new(host, port));
            }

            return new SshSession(machine, await DialAsync(machine, host, port, known, settings, cancellation), jump, settings);
        }
        catch (Exception failure)
        {
            Discard(null, jump);
            cancellation.ThrowIfCancellationRequested();
            throw SshFailures.OfConnecting(machine, failure, null);
        }
    }

    /// <summary>A machine shows the kind of key it is asked for first: it is asked for each before anybody is told that none is the pinned one.</summary>
    private static async Task<SshClient> DialAsync(MachineAddress machine, string host, int port, KnownMachines known, SshSettings settings, CancellationToken cancellation)
    {
        HashSet<string> wrong = new(StringComparer.Ordinal);
        ProviderException? alarm = null;
        while (true)
        {
            var check = new HostKeyCheck(machine, known, wrong);
            var client = new SshClient(new ConnectionInfo(host, port, machine.User, SshKeys.For(machine)) { Timeout = settings.Connect });
            try
            {
                check.Attach(client);
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
                limit.CancelAfter(settings.Connect);
                // The handshake's own waits are synchronous in part: off our thread, and never longer than we said.
                await Task.Run(() => client.ConnectAsync(limit.Token), CancellationToken.None).WaitAsync(settings.Connect + settings.Connect, cancellation);
                return client;
            }
            catch (Exception failure)
            {
                Discard(client, null);
                cancellation.ThrowIfCancellationRequested();
                var refusal = SshFailures.OfConnecting(machine, failure, check.Refusal);
                if (check.WrongKind is not { } kind || !wrong.Add(kind))
                {
                    // It has no other kind of key.
                    throw failure is SshConnectionException && alarm is not null ? alarm : refusal;
                }

                alarm ??= refusal;
            }
        }
    }

    /// <summary>A place for one channel, until it is disposed. Waits while all are taken.</summary>
    public async Task<IDisposable> TakeChannelAsync(CancellationToken cancellation)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, Broken);
        try
        {
            await _channels.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw SshFailures.Away(Machine, "the connection was cut");
        }

        return new Place(_channels);
    }

    public bool TryTakeChannel(out IDisposable? place)
    {
        place = IsUsable && _channels.Wait(0) ? new Place(_channels) : null;
        return place is not null;
    }

    /// <summary>Begins a command. The caller holds a place, drains both streams, and disposes the command.</summary>
    public async Task<SshExecution> StartAsync(string command, CancellationToken cancellation)
    {
        // Opening the channel blocks, at most for the connection's own time-out.
        var starting = Task.Run(() => new SshExecution(_client.CreateCommand(command)), CancellationToken.None);
        try
        {
            return await starting.WaitAsync(_settings.Connect + _settings.Connect, cancellation);
        }
        catch (OperationCanceledException)
        {
            // It may still open: nobody would close it.
            _ = starting.ContinueWith(static late => late.Result.DisposeAsync().AsTask(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
            throw;
        }
        catch (Exception failure)
        {
            // A machine that does not open a channel within seconds is as good as cut.
            Break();
            throw SshFailures.OfRunning(Machine, failure);
        }
    }

    public void Answered()
    {
        Volatile.Write(ref _lastAnswer, Environment.TickCount64);
        _settings.Network?.Answered(_firstHop);
    }

    /// <summary>Asks now whether the machine still answers; breaks the session where it does not.</summary>
    public async Task ProbeAsync()
    {
        if (_broken.IsCancellationRequested || Environment.TickCount64 - Volatile.Read(ref _lastAnswer) < _settings.ProbeEvery.TotalMilliseconds / 2)
        {
            return;
        }

        // A channel of its own beside the budget: eight that are busy must not look like a dead machine.
        using var limit = new CancellationTokenSource(_settings.ProbeLimit);
        try
        {
            // That sshd opens the channel is answer enough: on a machine under load the command itself may take its time.
            await using var probe = await StartAsync("true", limit.Token);
            Answered();
        }
        catch (Exception silent) when (silent is OperationCanceledException or ProviderException or SshException or ObjectDisposedException)
        {
            Break();
        }
    }

    /// <summary>A local port that ends at a place the machine can reach.</summary>
    public int ForwardTo(string host, int port)
    {
        var forward = new ForwardedPortLocal(IPAddress.Loopback.ToString(), 0, host, (uint)port);
        _client.AddForwardedPort(forward);
        forward.Start();
        return (int)forward.BoundPort;
    }

    /// <summary>A port on the machine's loopback address that ends at a local one.</summary>
    /// <param name="remotePort">There.</param>
    /// <param name="localPort">Here.</param>
    /// <param name="admits">Asked once for each connection, which keeps a thread of the pool until it is closed. One that is not admitted ends the session.</param>
    public void ForwardFrom(int remotePort, int localPort, Func<bool> admits)
    {
        var forward = new ForwardedPortRemote(IPAddress.Loopback, (uint)remotePort, IPAddress.Loopback, (uint)localPort);
        forward.RequestReceived += (_, _) =>
        {
            if (!admits())
            {
                // The library has no answer but yes: a connection without one would lie on the machine's sshd for ever.
                Break();
                throw new SshException($"too many connections of {Machine.Name} at once");
            }
        };
        _client.AddForwardedPort(forward);
        forward.Start();
    }

    public void Break()
    {
        if (Interlocked.Exchange(ref _ended, 1) == 0)
        {
            _probe.Dispose();
            // On another thread: this may be the library's own, which disposing waits for.
            _ = Task.Run(() =>
            {
                _broken.Cancel();
                Discard(_client, _jump);
            });
        }
    }

    public void Dispose() => Break();

    /// <summary>Whom our own network must reach for it.</summary>
    private static string FirstHop(MachineAddress machine) => machine.Jump is { } way ? FirstHop(way) : machine.Host;

    private static void Discard(SshClient? client, SshSession? jump) => _ = Task.Run(() =>
    {
        try
        {
            client?.Dispose();
        }
        catch (Exception ending) when (ending is SshException or System.Net.Sockets.SocketException or ObjectDisposedException or InvalidOperationException or IOException)
        {
            // It was broken: there is nothing left to say goodbye to.
        }

        jump?.Dispose();
    });

    private sealed class Place(SemaphoreSlim channels) : IDisposable
    {
        private int _released;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _released, 1) == 0)
            {
                channels.Release();
            }
        }
    }
}
