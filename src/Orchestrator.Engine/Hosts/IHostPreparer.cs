using Orchestrator.Engine.Store;
using Orchestrator.Providers;

namespace Orchestrator.Engine.Hosts;

/// <summary>Does what an instance still needs before its agent can be dialled; done before every dial, so it must be cheap where nothing is left to do.</summary>
public interface IHostPreparer
{
    /// <exception cref="HostRefusedException">It cannot be done, and trying again does not help.</exception>
    /// <exception cref="AgentUnreachableException">Not now.</exception>
    Task PrepareAsync(ChannelLease lease, HostEndpoint endpoint, CancellationToken cancellation);
}
