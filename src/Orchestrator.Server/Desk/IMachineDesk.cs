using System.Collections.Immutable;
using Orchestrator.Server.Api;

namespace Orchestrator.Server.Desk;

/// <summary>The person's own machines.</summary>
public interface IMachineDesk
{
    /// <summary>What is known of them; none is asked.</summary>
    Task<ImmutableArray<MachineState>> ListAsync(CancellationToken cancellation);

    /// <summary>Examines one of them, or all, now. Throws <see cref="DeskException"/> for a name that is none.</summary>
    Task<ImmutableArray<DoctorCheck>> TestAsync(string? name, CancellationToken cancellation);

    /// <summary>Examines a machine that is not configured yet. Throws <see cref="DeskException"/> for what is no such piece of configuration.</summary>
    Task<DoctorCheck> TryAsync(string yaml, CancellationToken cancellation);

    /// <summary>Nothing new begins there from now on, for a time or until it is taken back. Throws <see cref="DeskException"/> for a name that is none.</summary>
    Task BanAsync(string name, string? reason, string by, TimeSpan? length, CancellationToken cancellation);

    /// <summary>Throws <see cref="DeskException"/> when there is no such ban.</summary>
    Task UnbanAsync(string name, string by, CancellationToken cancellation);
}
