using System.Collections.Immutable;
using Orchestrator.Server.Api;

namespace Orchestrator.Server.Desk;

/// <summary>The stores that checkpoints, outputs and sources lie in.</summary>
public interface IStoreDesk
{
    /// <summary>With what was found when each was last tried.</summary>
    Task<ImmutableArray<StoreView>> ListAsync(CancellationToken cancellation);

    /// <summary>Tries one of them, or all, now. Throws <see cref="DeskException"/> for a name that is none.</summary>
    Task<ImmutableArray<DoctorCheck>> TestAsync(string? name, CancellationToken cancellation);

    /// <summary>Tries a store that is not configured yet. Throws <see cref="DeskException"/> for what is no such piece of configuration.</summary>
    Task<DoctorCheck> TryAsync(string yaml, CancellationToken cancellation);

    /// <summary>Counts what is ours in one of them, or in all. Throws <see cref="DeskException"/> for a name that is none.</summary>
    Task<StoreUsageReport> UsageAsync(string? name, CancellationToken cancellation);
}
