using Orchestrator.Providers;

namespace Orchestrator.Engine.Hosts;

/// <summary>Opens connections to agents at one kind of endpoint.</summary>
public interface IAgentDialer
{
    bool CanDial(HostEndpoint endpoint);

    /// <exception cref="AgentUnreachableException">Nobody answers there now.</exception>
    Task<IAgentConnection> DialAsync(HostEndpoint endpoint, CancellationToken cancellation);
}
