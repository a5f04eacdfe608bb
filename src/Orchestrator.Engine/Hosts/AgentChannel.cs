using Microsoft.Extensions.Logging;
using Npgsql;
using Orchestrator.Engine.Hosts.Rented;
using Orchestrator.Engine.Observing;
using Orchestrator.Engine.Store;
using Orchestrator.Engine.Ticks;
using Orchestrator.Protocol;
using Orchestrator.Providers;
using Orchestrator.Reconciling;

namespace Orchestrator.Engine.Hosts;

/// <summary>
/// One attempt's control channel for as long as this server owns it: prepare its host, dial, listen, store, acknowledge, send commands; dial
/// again when it breaks. Ticks never see it: they read what it stored.
/// </summary>
public sealed class AgentChannel(
    ChannelLease lease,
    AgentStore agents,
    ProviderSet providers,
    IReadOnlyList<IHostPreparer> preparers,
    IReadOnlyList<IAgentDialer> dialers,
    OrderSource orders,
    GrantDesk grants,
    HostLeases leases,
    ChannelSignals signals,
    Attendance attendance,
    TickQueue queue,
    EngineOptions options,
    ILogger<AgentChannel> log)
{
    private static readonly TimeSpan _redialMin = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan _redialMax = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan _refusedWait = TimeSpan.FromMinutes(1);

    /// <summary>How long an inbox without a wake-up (a command stored by another server) may wait.</summary>
    private static readonly TimeSpan _commandLook = TimeSpan.FromSeconds(1);

    private readonly ChannelPosition _position = new(lease.LastSeq, lease.LogOffset);
    private string _lastTrouble = "";
    private bool _refused;
    private bool _wasHeard;

    /// <summary>Runs until the channel is lost to another owner, not wanted any more, or the server stops. Never throws.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        var wait = _redialMin;
        try
        {
            while (!stopping.IsCancellationRequested)
            {
                try
                {
                    if (await VisitAsync(stopping))
                    {
                        wait = _redialMin;
                    }
                }
                catch (ChannelLostException)
                {
                    return;
                }
                catch (Exception trouble) when (!stopping.IsCancellationRequested)
                {
                    if (trouble is NpgsqlException)
                    {
                        attendance.CouldNotHear();
                    }

                    await NoteAsync(trouble.Message, stopping);
                }

                // Once refused, the job's next tick ends the attempt, and with it this channel; should it think otherwise, we look again.
                await Task.Delay(_refused ? _refusedWait : wait, stopping);
                wait = wait * 2 > _redialMax ? _redialMax : wait * 2;
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The server stops or the channel is not ours any more; training goes on without us.
        }
        finally
        {
            signals.Forget(lease.Job, lease.Attempt);
            await ReleaseAsync();
        }
    }

    /// <returns>True when the agent said hello.</returns>
    private async Task<bool> VisitAsync(CancellationToken stopping)
    {
        var provider = providers.Find(lease.Provider) ?? throw new AgentUnreachableException($"provider \"{lease.Provider}\" is not configured");
        var endpoint = await provider.GetEndpointAsync(lease.InstanceId, stopping);
        if (!await PrepareAsync(endpoint, stopping))
        {
            return false;
        }

        var dialer = dialers.FirstOrDefault(one => one.CanDial(endpoint)) ?? throw new AgentUnreachableException($"no way to reach a {endpoint.GetType().Name}");
        await using var connection = await dialer.DialAsync(endpoint, stopping);
        using var visit = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var reader = new MessageReader(connection.FromAgent);
        var redactor = new HostRedactor(await orders.SecretsOfAsync(lease.Job, stopping), _position.LogOffset);
        var session = new ChannelSession(lease, _position, agents, orders, grants, redactor, signals, queue, connection, options, log, leases);

        if (await WithinSilence(reader.ReadAsync, visit) is not Hello hello)
        {
            return false;
        }

        await session.WelcomeAsync(hello, visit.Token);
        log.LogInformation("job {Job} attempt {Attempt}: agent {Version} on {Provider} {Instance} answers", lease.Job, lease.Attempt, hello.AgentVersion, lease.Provider, lease.InstanceId);
        (_lastTrouble, _wasHeard) = ("", true);
        var commands = session.SendCommandsAsync(_commandLook, visit.Token);
        try
        {
            while (await WithinSilence(reader.ReadAsync, visit) is { } message)
            {
                await session.HandleAsync(message, visit.Token);
                if (commands.IsCompleted)
                {
                    break;
                }
            }
        }
        finally
        {
            await visit.CancelAsync();
            await Quietly(commands);
            await DisconnectedAsync();
        }

        return true;
    }

    /// <returns>False = the host cannot be prepared, and the job was told.</returns>
    private async Task<bool> PrepareAsync(HostEndpoint endpoint, CancellationToken stopping)
    {
        _refused = false;
        try
        {
            foreach (var preparer in preparers)
            {
                await preparer.PrepareAsync(lease, endpoint, stopping);
            }

            return true;
        }
        catch (HostRefusedException refused)
        {
            log.LogWarning("job {Job} attempt {Attempt}: {Instance} cannot be used: {Words}", lease.Job, lease.Attempt, lease.InstanceId, refused.Message);
            await agents.RefuseHostAsync(lease, new HostRefused(lease.Attempt, refused.Fault, refused.Message), stopping);
            queue.Now(lease.Job);
            _refused = true;
            return false;
        }
    }

    /// <summary>A half-open connection shows itself by silence only: agents send a heartbeat every two seconds.</summary>
    private async Task<AgentMessage?> WithinSilence(Func<CancellationToken, Task<AgentMessage?>> read, CancellationTokenSource visit)
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(visit.Token);
        silence.CancelAfter(options.ChannelSilence);
        try
        {
            return await read(silence.Token);
        }
        catch (OperationCanceledException) when (!visit.IsCancellationRequested)
        {
            throw new AgentUnreachableException($"silent for {options.ChannelSilence.TotalSeconds:0} s");
        }
    }

    private static async Task Quietly(Task task)
    {
        try
        {
            await task;
        }
        catch (Exception ended) when (ended is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // The visit is over; what was not sent is still stored and goes with the next one.
        }
    }

    /// <summary>The cut channel is a witness of its own beside what the provider says of the instance.</summary>
    private async Task DisconnectedAsync()
    {
        try
        {
            await agents.DisconnectedAsync(lease, CancellationToken.None);
        }
        catch (Exception failure)
        {
            // It must not hide what ended the visit.
            log.LogDebug(failure, "noting the end of a visit failed; the next one tells");
        }
    }

    private async Task ReleaseAsync()
    {
        try
        {
            await agents.ReleaseChannelAsync(lease, CancellationToken.None);
        }
        catch (Exception failure)
        {
            log.LogDebug(failure, "releasing the channel failed; its lease runs out by itself");
        }
    }

    /// <summary>Once per kind of trouble: a host that is booting refuses many times. Before anybody was heard it is also the attempt's, as the reason should nobody ever be.</summary>
    private async Task NoteAsync(string words, CancellationToken stopping)
    {
        if (string.Equals(words, _lastTrouble, StringComparison.Ordinal))
        {
            return;
        }

        _lastTrouble = words;
        log.LogInformation("job {Job} attempt {Attempt}: no channel to {Instance} yet: {Words}", lease.Job, lease.Attempt, lease.InstanceId, words);
        if (_wasHeard)
        {
            return;
        }

        try
        {
            await agents.UnreachedAsync(lease, "cannot be reached yet: " + words, stopping);
        }
        catch (Exception untold) when (!stopping.IsCancellationRequested)
        {
            // The next visit finds out by itself whether the channel is lost, or the database away.
            log.LogDebug(untold, "job {Job} attempt {Attempt}: that could not be noted", lease.Job, lease.Attempt);
        }
    }
}
