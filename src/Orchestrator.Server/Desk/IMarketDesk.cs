using Orchestrator.Server.Api;

namespace Orchestrator.Server.Desk;

/// <summary>What cards cost now, and what they usually cost.</summary>
public interface IMarketDesk
{
    Task<MarketReply> PricesAsync(CancellationToken cancellation);
}
