using System.Collections.Immutable;

namespace Orchestrator.Providers.Renting;

/// <summary>
/// Sees to it that an account stays the one that our books are about. With a key of another account everything on the books would look
/// gone, and would be forgotten while it costs. What the rental APIs need of the outside; Engine implements it.
/// </summary>
public interface IAccountGuard
{
    /// <summary>Returns where a key at an endpoint is of the account that is on the books, or of the first one.</summary>
    /// <param name="account">As for the pacer.</param>
    /// <param name="endpoint">Where the key is sent to.</param>
    /// <param name="key">Is compared, and kept nowhere.</param>
    /// <param name="changes">It is for a call that rents or ends something: what was found out a moment ago does not do.</param>
    /// <param name="ask">Asks the API for the marks of the account; null = it cannot be asked.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="ProviderException">Unauthorized: it is another account's; nothing else must be sent.</exception>
    Task RequireAsync(string account, Uri endpoint, string key, bool changes, Func<CancellationToken, Task<ImmutableArray<string>>>? ask, CancellationToken cancellation);
}
