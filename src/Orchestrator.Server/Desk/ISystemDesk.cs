using System.Collections.Immutable;
using Orchestrator.Server.Api;

namespace Orchestrator.Server.Desk;

/// <summary>What concerns the installation and no single job.</summary>
public interface ISystemDesk
{
    Task<ImmutableArray<OfferView>> OffersAsync(CancellationToken cancellation);

    Task<ReplayReport> ReplayAsync(long job, CancellationToken cancellation);

    /// <summary>Database, sweep, store, installation; the caller adds what it sees itself.</summary>
    Task<ImmutableArray<DoctorCheck>> DoctorAsync(CancellationToken cancellation);

    /// <summary>Instances with our label that no job owns, and when that was checked; nulls = not checked lately.</summary>
    Task<(int? Count, DateTimeOffset? CheckedAt)> LeaksAsync(CancellationToken cancellation);

    /// <summary>Instances that should be gone for long and are not; null = there are none.</summary>
    Task<LeakedInstances?> LeakedAsync(CancellationToken cancellation);

    Task<HealthReply> HealthAsync(CancellationToken cancellation);

    /// <summary>What waits for a person; with <paramref name="all"/> also what was dismissed or is settled.</summary>
    Task<ImmutableArray<AlertView>> AlertsAsync(bool all, CancellationToken cancellation);

    /// <summary>A person has seen it: it is not shown any more for as long as its cause holds.</summary>
    Task<AlertView> DismissAlertAsync(long id, string by, CancellationToken cancellation);

    /// <summary>Why the server is in recovered mode; null = it is not.</summary>
    Task<string?> RecoveredAsync(CancellationToken cancellation);

    /// <summary>A person has looked: a new epoch begins.</summary>
    Task<RecoverReply> RecoverAsync(string by, CancellationToken cancellation);
}
