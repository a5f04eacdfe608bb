using System.Collections.Immutable;
using Orchestrator.Server.Api;

namespace Orchestrator.Server.Desk;

/// <summary>The accounts that are rented with.</summary>
public interface IAccountDesk
{
    Task<ImmutableArray<AccountView>> ListAsync(CancellationToken cancellation);

    /// <summary>Asks one of them, or all, for everything that can be asked without renting; where there is none, says which keys lie unused. Throws <see cref="DeskException"/> for a name that is none.</summary>
    Task<ImmutableArray<DoctorCheck>> TestAsync(string? name, CancellationToken cancellation);

    /// <summary>
    /// The key as it is now is the account's from then on, whosever it is. Throws <see cref="DeskException"/> for a name that is none, and where
    /// something of ours is at the present account and nobody has said that it is gone, or the API does not say whose key it is.
    /// </summary>
    /// <param name="name">Of the account.</param>
    /// <param name="gone">A person has looked: what the books show there is not there any more.</param>
    /// <param name="cancellation">Ends it.</param>
    Task AcceptAsync(string name, bool gone, CancellationToken cancellation);
}
