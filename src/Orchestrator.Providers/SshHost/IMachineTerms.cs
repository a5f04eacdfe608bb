using System.Collections.Immutable;

namespace Orchestrator.Providers.SshHost;

/// <summary>Whose word on when a machine may be used counts, where several servers read configurations that differ.</summary>
public interface IMachineTerms
{
    /// <summary>Says what this server reads of the machines.</summary>
    /// <returns>Names of those of which no server reads something newer. None, where that cannot be told.</returns>
    Task<ImmutableHashSet<string>> SettledAsync(IReadOnlyList<SshMachine> machines, CancellationToken cancellation);
}
