using Orchestrator.Engine.Hosts.Ssh;
using Orchestrator.Providers;
using Orchestrator.Reconciling;

namespace Orchestrator.Engine.Hosts.Docker;

/// <summary>Opens the Docker of a machine.</summary>
internal sealed class DockerConnector(SshNetwork network, TimeProvider time)
{
    /// <summary>Docker 20.10.</summary>
    private static readonly Version _oldest = new(1, 41);

    /// <summary>What this code was written against; a newer daemon still speaks it.</summary>
    private static readonly Version _newest = new(1, 54);

    /// <exception cref="HostRefusedException">There is none that can be used.</exception>
    /// <exception cref="AgentUnreachableException">The machine does not answer.</exception>
    public async Task<DockerMachine> ConnectAsync(MachineAddress address, CancellationToken cancellation)
    {
        var links = network.To(address);
        var asking = new DockerMachine(address, opening => DialStdio.OpenAsync(links, opening), null, time);
        var version = await asking.AskAsync((client, bound) => client.System.GetVersionAsync(bound), cancellation);
        if (!Version.TryParse(version.APIVersion, out var spoken) || spoken < _oldest)
        {
            throw new HostRefusedException(HostFault.Machine, $"Docker {version.Version} on {address.Name} is too old (API {version.APIVersion}); install 20.10 or newer");
        }

        // Pinned, so that an upgrade of the machine changes nothing under us.
        return new DockerMachine(address, opening => DialStdio.OpenAsync(links, opening), spoken < _newest ? spoken : _newest, time);
    }
}
