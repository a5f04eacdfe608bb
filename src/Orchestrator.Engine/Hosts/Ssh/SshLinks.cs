using Orchestrator.Providers;

namespace Orchestrator.Engine.Hosts.Ssh;

/// <summary>
/// The connections to one machine: one for commands, one for Docker, as many as needed for agents' channels, one for the relay of the
/// store. Bulk data and long channels thus never keep a destroy waiting.
/// </summary>
internal sealed class SshLinks(MachineAddress address, KnownMachines known, SshSettings settings) : IDisposable
{
    private readonly SemaphoreSlim _connecting = new(1, 1);
    private readonly List<SshSession> _forAgents = [];
    private readonly KeptSession _forCommands = new(address, known, settings);
    private readonly KeptSession _forDocker = new(address, known, settings);

    public Task<SshSession> CommandSessionAsync(CancellationToken cancellation) => _forCommands.GetAsync(cancellation);

    /// <summary>For requests to the machine's Docker, each of which takes a channel.</summary>
    public Task<SshSession> DockerSessionAsync(CancellationToken cancellation) => _forDocker.GetAsync(cancellation);

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
        _forCommands.Dispose();
        _forDocker.Dispose();
        foreach (var session in _forAgents)
        {
            session.Dispose();
        }
    }
}
