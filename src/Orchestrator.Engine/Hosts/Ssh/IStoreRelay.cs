using Orchestrator.Providers;

namespace Orchestrator.Engine.Hosts.Ssh;

/// <summary>Makes this server's own store reachable from a machine that can reach nothing of ours.</summary>
public interface IStoreRelay
{
    /// <summary>Opens the way, or finds it open. The function turns a signed URL of our store into one that works over there; URLs of other stores stay as they are.</summary>
    /// <exception cref="ProviderException">The machine does not permit it.</exception>
    Task<Func<string, string>> OpenAsync(MachineAddress machine, CancellationToken cancellation);
}
