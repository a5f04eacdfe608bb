using Orchestrator.Providers;

namespace Orchestrator.Engine.Hosts.Ssh;

/// <summary>Makes this server's own store reachable from a machine that can reach nothing of ours.</summary>
public interface IStoreRelay
{
    /// <summary>
    /// What a signed URL is called on that machine. The way back is opened by the first URL that needs it, so that a machine that
    /// permits none serves jobs whose store is a bucket; URLs of other stores stay as they are.
    /// </summary>
    /// <exception cref="ProviderException">The machine does not permit it, or the way is not open yet.</exception>
    Task<string> ReachAsync(MachineAddress machine, string url, CancellationToken cancellation);
}
