using System.Collections.Immutable;

namespace Orchestrator.Providers.SshHost;

/// <summary>What transfers of earlier attempts reached on each machine, by host.</summary>
public interface IMachineLines
{
    /// <exception cref="ProviderException">Transient: it cannot be read now.</exception>
    Task<ImmutableSortedDictionary<string, MachineLine>> ListAsync(CancellationToken cancellation);
}
