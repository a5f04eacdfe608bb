using System.Collections.Immutable;
using Orchestrator.Server.Api;

namespace Orchestrator.Server.Desk;

/// <summary>The hosts that jobs ran on, own machines among them, and those that are banned.</summary>
public interface IHostDesk
{
    Task<ImmutableArray<HostView>> ListAsync(CancellationToken cancellation);

    /// <summary>Nothing new begins there. Throws <see cref="DeskException"/> for a name that cannot be one.</summary>
    Task BanAsync(HostBanRequest request, string by, CancellationToken cancellation);

    /// <summary>Throws <see cref="DeskException"/> when it is not banned.</summary>
    Task PardonAsync(string host, string by, CancellationToken cancellation);
}
