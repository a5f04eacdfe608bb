using System.Collections.Concurrent;
using Orchestrator.Providers;

namespace Orchestrator.Engine.Hosts.Ssh;

/// <summary>All SSH connections of this server, by machine.</summary>
public sealed class SshNetwork(KnownMachines known, SshSettings settings) : IDisposable
{
    private readonly ConcurrentDictionary<MachineAddress, SshLinks> _machines = new();

    public KnownMachines Known => known;

    internal SshLinks To(MachineAddress machine) => _machines.GetOrAdd(machine, address => new SshLinks(address, known, settings));

    public void Dispose()
    {
        foreach (var links in _machines.Values)
        {
            links.Dispose();
        }
    }
}
