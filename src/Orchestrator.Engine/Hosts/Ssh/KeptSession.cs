using Orchestrator.Providers;

namespace Orchestrator.Engine.Hosts.Ssh;

/// <summary>One connection to a machine for one purpose, made when it is first wanted and anew when it broke.</summary>
internal sealed class KeptSession(MachineAddress address, KnownMachines known, SshSettings settings) : IDisposable
{
    private readonly SemaphoreSlim _connecting = new(1, 1);
    private SshSession? _session;

    public async Task<SshSession> GetAsync(CancellationToken cancellation)
    {
        if (_session is { IsUsable: true } ready)
        {
            return ready;
        }

        await _connecting.WaitAsync(cancellation);
        try
        {
            if (_session is { IsUsable: true } made)
            {
                return made;
            }

            _session?.Dispose();
            return _session = await SshSession.ConnectAsync(address, known, settings, cancellation);
        }
        finally
        {
            _connecting.Release();
        }
    }

    public void Dispose() => _session?.Dispose();
}
