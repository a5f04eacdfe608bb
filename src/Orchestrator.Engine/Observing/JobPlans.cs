using System.Collections.Immutable;
using Orchestrator.Engine.Artifacts;
using Orchestrator.Engine.Store;
using Orchestrator.Offers;
using Orchestrator.Planning;
using Orchestrator.Reconciling;
using Orchestrator.Spending;

namespace Orchestrator.Engine.Observing;

/// <summary>Plans for jobs as far as they have come, over what is offered now.</summary>
public sealed class JobPlans(OfferBook offers, WorkStore work, MarketMemoryStore memory, HostBanStore bans, EgressPrices egress, EngineOptions options)
{
    /// <param name="snapshot">The job.</param>
    /// <param name="now">The instant it is planned at.</param>
    /// <param name="ask">Changes what is asked for; null = nothing.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>Null where nobody who offers anything answers.</returns>
    public async Task<Plan?> OfAsync(JobSnapshot snapshot, DateTimeOffset now, Func<PlanRequest, PlanRequest>? ask, CancellationToken cancellation) =>
        await PlannerAsync(snapshot, now, cancellation) is { } plans ? plans(ask ?? (request => request)) : null;

    /// <summary>As a tick sees it.</summary>
    /// <param name="snapshot">The job.</param>
    /// <param name="room">What the limits over all jobs leave; null = there are none.</param>
    /// <param name="warm">Hosts of its batch that it may take over.</param>
    /// <param name="now">The instant it is planned at.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>Null where nobody who offers anything answers.</returns>
    public async Task<PlanView?> ViewAsync(JobSnapshot snapshot, Room? room, ImmutableArray<Offer> warm, DateTimeOffset now, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        if (await PlannerAsync(snapshot, now, cancellation) is not { } plans)
        {
            return null;
        }

        var plan = plans(request => request with { Warm = warm });
        return room is null
            ? plan.ToView()
            : RoomyPlans.View(plan, room.LeftTo(snapshot.State, now), left => plans(request => request with { Warm = warm, Room = left }));
    }

    /// <summary>Plans over one look at the market and at what is known, as often as is asked.</summary>
    private async Task<Func<Func<PlanRequest, PlanRequest>, Plan>?> PlannerAsync(JobSnapshot snapshot, DateTimeOffset now, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var seen = await offers.GetAsync(options.ListingAge, cancellation);
        if (seen.Offers.IsEmpty && !seen.IsComplete)
        {
            return null;
        }

        var spec = Specs.StoredSpec.Parse(snapshot.SpecJson);
        var known = await work.OfJobAsync(snapshot.State.Id, spec.Spec, cancellation);
        var request = Specs.PlanRequests.Of(spec, snapshot.State, known, now) with { StoreEgressPerGB = egress.Of(spec), Banned = await bans.ForPlansAsync(cancellation) };
        request = request with { Rhythm = request.Rhythm with { Shortest = options.ShortestRhythm } };
        var recent = await memory.RecentAsync(now, cancellation);
        return ask => Planner.Plan(ask(request), seen.Offers, seen.IsComplete, recent) with { Partly = seen.IsOnlyInPart };
    }
}
