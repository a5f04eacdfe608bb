using System.Collections.Immutable;
using Orchestrator.Offers;
using Orchestrator.Server.Api;

namespace Orchestrator.Server.Desk;

/// <summary>The market, and what a job would cost on it.</summary>
public interface IPlanDesk
{
    /// <summary>Spends nothing.</summary>
    Task<PlanReply> PlanAsync(PlanAsk ask, CancellationToken cancellation);

    /// <summary>All that can be rented now, with every figure; for <c>offers --record</c>.</summary>
    Task<ImmutableArray<SeenOffer>> MarketAsync(CancellationToken cancellation);
}
