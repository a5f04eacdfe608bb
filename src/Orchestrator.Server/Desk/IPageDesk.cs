using System.Collections.Immutable;
using Orchestrator.Engine.Store.Views;
using Orchestrator.Server.Api;

namespace Orchestrator.Server.Desk;

/// <summary>What only pages ask for. It answers from the database alone: a page waits for no provider.</summary>
public interface IPageDesk
{
    /// <summary>The curve of a job's training, oldest first.</summary>
    Task<ImmutableArray<ProgressSample>> CurveAsync(long job, CancellationToken cancellation);

    /// <summary>A word that is another one once something that a page shows has changed.</summary>
    /// <param name="job">Null = of all jobs and alerts.</param>
    /// <param name="cancellation">Ends the question.</param>
    Task<string> MarkAsync(long? job, CancellationToken cancellation);

    /// <summary>What all instances have cost that were there since then, each by itself.</summary>
    Task<CostReply> CostAsync(DateTimeOffset? since, CancellationToken cancellation);

    /// <summary>The accounts as our books have them.</summary>
    Task<ImmutableArray<AccountView>> AccountsAsync(CancellationToken cancellation);

    /// <summary>The hourly lowest prices of cards, $ per card and hour.</summary>
    Task<ImmutableArray<PricePoint>> PricesAsync(IReadOnlyCollection<string> gpus, TimeSpan reach, CancellationToken cancellation);
}
