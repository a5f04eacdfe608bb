using System.Collections.Concurrent;
using Orchestrator.Providers;

namespace Orchestrator.Engine.Hosts.Ssh;

/// <summary>All SSH connections of this server, by machine.</summary>
public sealed class SshNetwork(KnownMachines known, SshSettings settings) : IDisposable
{
    private readonly ConcurrentDictionary<MachineAddress, SshLinks> _machines = new();

    public KnownMachines Known => known;

    internal SshLinks To(MachineAddress machine) => _machines.GetOrAdd(machine, address => new SshLinks(address, known, settings));

    /// <summary>The machine's host key, verified on a connection that lives or is made now, as known_hosts writes it.</summary>
    /// <exception cref="ProviderException">It does not answer, or shows another key.</exception>
    public async Task<string> HostKeyAsync(MachineAddress machine, CancellationToken cancellation)
    {
        await To(machine).CommandSessionAsync(cancellation);
        return known.KeyOf(machine) ?? throw new InvalidOperationException($"machine {machine.Name} was connected to without a look at its key");
    }

    public void Dispose()
    {
        foreach (var links in _machines.Values)
        {
            links.Dispose();
        }
    }
}
