using System.Collections.Immutable;
using Orchestrator.Server.Api;

namespace Orchestrator.Server.Desk;

/// <summary>Series of runs. Throws <see cref="DeskException"/> where there is none of that name.</summary>
public interface ISeriesDesk
{
    /// <summary>Those that are not stopped, by what comes first.</summary>
    Task<ImmutableArray<SeriesDetails>> ListAsync(CancellationToken cancellation);

    /// <param name="idOrName"><c>series-3</c>, or the name of a live one.</param>
    /// <param name="cancellation">Ends the call.</param>
    Task<SeriesDetails> FindAsync(string idOrName, CancellationToken cancellation);

    /// <summary>No run comes after this; those that live go on.</summary>
    Task<SeriesReply> StopAsync(string idOrName, string by, CancellationToken cancellation);
}
