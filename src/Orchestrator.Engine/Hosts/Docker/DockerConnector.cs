using Docker.DotNet;
using Microsoft.Extensions.Logging.Abstractions;
using Orchestrator.Engine.Hosts.Ssh;
using Orchestrator.Providers;
using Orchestrator.Reconciling;

namespace Orchestrator.Engine.Hosts.Docker;

/// <summary>Opens the Docker of a machine.</summary>
internal sealed class DockerConnector(SshNetwork network)
{
    /// <summary>Docker 20.10.</summary>
    private static readonly Version _oldest = new(1, 41);

    /// <summary>What this code was written against; a newer daemon still speaks it.</summary>
    private static readonly Version _newest = new(1, 54);

    /// <exception cref="HostRefusedException">There is none that can be used.</exception>
    /// <exception cref="AgentUnreachableException">The machine does not answer.</exception>
    public async Task<DockerMachine> ConnectAsync(MachineAddress address, CancellationToken cancellation)
    {
        var transport = new DockerTransport(network.To(address));
        using var asking = new DockerMachine(address, Build(transport, null), transport);
        var version = await asking.AskAsync((client, bound) => client.System.GetVersionAsync(bound), cancellation);
        if (!Version.TryParse(version.APIVersion, out var spoken) || spoken < _oldest)
        {
            throw new HostRefusedException(HostFault.Machine, $"Docker {version.Version} on {address.Name} is too old (API {version.APIVersion}); install 20.10 or newer");
        }

        // Pinned, so that an upgrade of the machine changes nothing under us.
        return new DockerMachine(address, Build(transport, spoken < _newest ? spoken : _newest), transport);
    }

    private static DockerClient Build(DockerTransport transport, Version? api)
    {
        var builder = new DockerClientBuilder<DockerTransport>(transport, transport).WithEndpoint(new Uri("http://docker")).WithLogger(NullLogger.Instance).WithTimeout(Timeout.InfiniteTimeSpan);
        return (api is null ? builder : builder.WithApiVersion(api)).Build();
    }
}
