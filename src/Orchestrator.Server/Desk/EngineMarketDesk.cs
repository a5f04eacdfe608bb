using System.Collections.Immutable;
using Orchestrator.Engine;
using Orchestrator.Engine.Observing;
using Orchestrator.Engine.Store;
using Orchestrator.Server.Api;

namespace Orchestrator.Server.Desk;

/// <summary>What all providers offer now, beside the history of prices.</summary>
public sealed class EngineMarketDesk(OfferBook offers, PriceStore prices, JobStore jobs, EngineOptions options) : IMarketDesk
{
    public async Task<MarketReply> PricesAsync(CancellationToken cancellation)
    {
        var seen = await offers.GetAsync(options.ListingAge, cancellation);
        return MarketReplies.Make(seen, await prices.UsualAsync(await jobs.NowAsync(cancellation), PriceStore.Reach, cancellation), PriceStore.Reach);
    }

    public async Task<ImmutableArray<string>> GapsAsync(CancellationToken cancellation) => (await offers.GetAsync(options.ListingAge, cancellation)).Gaps;
}
