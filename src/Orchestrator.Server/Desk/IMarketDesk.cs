using System.Collections.Immutable;
using Orchestrator.Server.Api;

namespace Orchestrator.Server.Desk;

/// <summary>What cards cost now, and what they usually cost.</summary>
public interface IMarketDesk
{
    Task<MarketReply> PricesAsync(CancellationToken cancellation);

    /// <summary>Whose offers are missing, all or in part, with their words; empty = what is not offered, nobody offers.</summary>
    Task<ImmutableArray<string>> GapsAsync(CancellationToken cancellation);
}
