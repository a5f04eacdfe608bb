using System.Collections.Immutable;

namespace Orchestrator.Providers.SshHost;

/// <summary>The bans in force, for every server of the installation. Asked for every list of offers and before every launch.</summary>
public interface IMachineBans
{
    /// <summary>By the machine's name. Throws <see cref="ProviderException"/> when they cannot be read.</summary>
    Task<ImmutableSortedDictionary<string, MachineBan>> ListAsync(CancellationToken cancellation);
}
