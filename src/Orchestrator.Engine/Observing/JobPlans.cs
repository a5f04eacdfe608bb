using Orchestrator.Engine.Artifacts;
using Orchestrator.Engine.Store;
using Orchestrator.Planning;

namespace Orchestrator.Engine.Observing;

/// <summary>Plans for jobs as far as they have come, over what is offered now.</summary>
public sealed class JobPlans(OfferBook offers, WorkStore work, MarketMemoryStore memory, HostBanStore bans, EgressPrices egress, EngineOptions options)
{
    /// <param name="snapshot">The job.</param>
    /// <param name="now">The instant it is planned at.</param>
    /// <param name="ask">Changes what is asked for; null = nothing.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>Null where nobody who offers anything answers.</returns>
    public async Task<Plan?> OfAsync(JobSnapshot snapshot, DateTimeOffset now, Func<PlanRequest, PlanRequest>? ask, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var seen = await offers.GetAsync(options.ListingAge, cancellation);
        if (seen.Offers.IsEmpty && !seen.Silent.IsEmpty)
        {
            return null;
        }

        var spec = Specs.StoredSpec.Parse(snapshot.SpecJson);
        var known = await work.OfJobAsync(snapshot.State.Id, spec.Spec, cancellation);
        var request = Specs.PlanRequests.Of(spec, snapshot.State, known, now) with { StoreEgressPerGB = egress.Of(spec), Banned = await bans.ForPlansAsync(cancellation) };
        request = request with { Rhythm = request.Rhythm with { Shortest = options.ShortestRhythm } };
        return Planner.Plan(ask?.Invoke(request) ?? request, seen.Offers, seen.Silent.IsEmpty, await memory.RecentAsync(now, cancellation));
    }
}
