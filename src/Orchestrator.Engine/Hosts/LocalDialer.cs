using System.ComponentModel;
using System.Diagnostics;
using Orchestrator.Providers;

namespace Orchestrator.Engine.Hosts;

/// <summary>Attaches to an agent of this machine through a pipe.</summary>
public sealed class LocalDialer : IAgentDialer
{
    public bool CanDial(HostEndpoint endpoint) => endpoint is LocalEndpoint;

    public Task<IAgentConnection> DialAsync(HostEndpoint endpoint, CancellationToken cancellation)
    {
        var local = (LocalEndpoint)endpoint;
        try
        {
            var process = Process.Start(new ProcessStartInfo(local.AgentPath, ["attach", "--root", local.Root])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
            }) ?? throw new AgentUnreachableException($"{local.AgentPath} did not start");
            return Task.FromResult<IAgentConnection>(new LocalConnection(process));
        }
        catch (Win32Exception failed)
        {
            throw new AgentUnreachableException($"cannot run {local.AgentPath}: {failed.Message}", failed);
        }
    }
}
