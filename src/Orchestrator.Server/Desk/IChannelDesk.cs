using System.Collections.Immutable;
using Orchestrator.Server.Api;

namespace Orchestrator.Server.Desk;

/// <summary>The channels through which people are told.</summary>
public interface IChannelDesk
{
    Task<ImmutableArray<ChannelView>> ListAsync(CancellationToken cancellation);

    /// <summary>Sends a message for trying through one of them, or all. Throws <see cref="DeskException"/> for a name that is none.</summary>
    Task<ImmutableArray<DoctorCheck>> TestAsync(string? name, CancellationToken cancellation);

    /// <summary>How their newest messages fared; sends nothing.</summary>
    Task<ImmutableArray<DoctorCheck>> LookAsync(CancellationToken cancellation);
}
