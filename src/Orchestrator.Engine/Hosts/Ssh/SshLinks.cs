using Orchestrator.Providers;

namespace Orchestrator.Engine.Hosts.Ssh;

/// <summary>
/// The connections to one machine: one for commands, as many as needed for agents' channels, one for the relay of the store. Bulk data
/// and long channels thus never keep a destroy waiting.
/// </summary>
internal sealed class SshLinks(MachineAddress address, KnownMachines known, SshSettings settings) : IDisposable
{
    private readonly SemaphoreSlim _connecting = new(1, 1);
    private readonly List<SshSession> _forAgents = [];
    private SshSession? _forCommands;

    public async Task<SshSession> CommandSessionAsync(CancellationToken cancellation)
    {
        if (_forCommands is { IsUsable: true } ready)
        {
            return ready;
        }

        await _connecting.WaitAsync(cancellation);
        try
        {
            if (_forCommands is { IsUsable: true } made)
            {
                return made;
            }

            _forCommands?.Dispose();
            return _forCommands = await SshSession.ConnectAsync(address, known, settings, cancellation);
        }
        finally
        {
            _connecting.Release();
        }
    }

    public async Task<(SshSession Session, IDisposable Place)> AgentChannelAsync(CancellationToken cancellation)
    {
        await _connecting.WaitAsync(cancellation);
        try
        {
            foreach (var session in _forAgents.Where(one => !one.IsUsable).ToList())
            {
                session.Dispose();
                _forAgents.Remove(session);
            }

            foreach (var session in _forAgents)
            {
                if (session.TryTakeChannel(out var free))
                {
                    return (session, free!);
                }
            }

            if (_forAgents.Count >= settings.AgentSessions)
            {
                throw SshFailures.Away(address, $"{settings.AgentSessions} connections of {settings.Channels} channels are all in use");
            }

            var another = await SshSession.ConnectAsync(address, known, settings, cancellation);
            _forAgents.Add(another);
            return (another, await another.TakeChannelAsync(cancellation));
        }
        finally
        {
            _connecting.Release();
        }
    }

    public Task<SshSession> RelaySessionAsync(CancellationToken cancellation) => SshSession.ConnectAsync(address, known, settings, cancellation);

    public void Dispose()
    {
        _forCommands?.Dispose();
        foreach (var session in _forAgents)
        {
            session.Dispose();
        }
    }
}
