using Orchestrator.Engine.Observing;
using Orchestrator.Engine.Store;
using Orchestrator.Planning.Memory;
using Orchestrator.Planning.Prices;

namespace Orchestrator.Engine.Ticks;

/// <summary>Looks at the market now and then, whether or not a job wants an offer, so that it is known what is usual.</summary>
public sealed class PriceWatch(OfferBook offers, PriceStore prices, MarketMemoryStore memory, JobStore jobs, EngineOptions options)
{
    /// <summary>Of providers that did not answer nothing is written down: an hour without them is no hour without offers.</summary>
    public async Task LookAsync(CancellationToken cancellation)
    {
        if (await prices.TryClaimLookAsync(options.PriceEvery, cancellation))
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(options.EffectTimeout);
            var seen = await offers.GetAsync(options.ListingAge, limit.Token);
            await prices.RecordAsync(await jobs.NowAsync(cancellation), CardPrices.Of(seen.Offers), cancellation);
            await memory.RecordScoresAsync(UsualScore.Of(seen.Offers), cancellation);
        }
    }
}
