using Orchestrator.Providers;

namespace Orchestrator.Engine.Hosts.Ssh;

/// <summary>For a store that machines reach by themselves.</summary>
public sealed class NoStoreRelay : IStoreRelay
{
    public Task<string> ReachAsync(MachineAddress machine, string url, CancellationToken cancellation) => Task.FromResult(url);
}
