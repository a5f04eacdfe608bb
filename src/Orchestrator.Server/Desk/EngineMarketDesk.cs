using Orchestrator.Engine;
using Orchestrator.Engine.Observing;
using Orchestrator.Engine.Store;
using Orchestrator.Server.Api;

namespace Orchestrator.Server.Desk;

/// <summary>What all providers offer now, beside the history of prices.</summary>
public sealed class EngineMarketDesk(OfferBook offers, PriceStore prices, JobStore jobs, EngineOptions options) : IMarketDesk
{
    /// <summary>Four weeks: every hour of the week four times.</summary>
    internal static readonly TimeSpan Reach = TimeSpan.FromDays(28);

    public async Task<MarketReply> PricesAsync(CancellationToken cancellation)
    {
        var seen = await offers.GetAsync(options.ListingAge, cancellation);
        return MarketReplies.Make(seen, await prices.UsualAsync(await jobs.NowAsync(cancellation), Reach, cancellation), Reach);
    }
}
