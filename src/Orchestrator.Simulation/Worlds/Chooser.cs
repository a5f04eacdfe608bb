using System.Collections.Immutable;
using Orchestrator.Jobs;
using Orchestrator.Offers;
using Orchestrator.Planning;
using Orchestrator.Planning.Memory;

namespace Orchestrator.Simulation.Worlds;

/// <summary>A way to choose offers. All of them filter with the product's planner; what they want of it differs.</summary>
/// <param name="Name">As in the report.</param>
/// <param name="Want">Turns the job's own request into this policy's.</param>
/// <param name="Learns">What earlier attempts taught is used.</param>
public sealed record Chooser(string Name, Func<PlanRequest, PlanRequest> Want, bool Learns)
{
    /// <summary>What production does with the spec as it is written.</summary>
    public static Chooser Ours { get; } = new("ours", request => request, Learns: true);

    /// <summary>The lowest price per hour that the spec permits.</summary>
    public static Chooser CheapestHour { get; } = new("cheapest-hour", request => request with { Prefer = PlanPreference.Hourly }, Learns: false);

    /// <summary>The lowest price per hour, never interruptible.</summary>
    public static Chooser OnDemand { get; } = new("on-demand", request => request with
    {
        Prefer = PlanPreference.Hourly,
        Reliability = request.Reliability with { Capacity = CapacityChoice.OnDemand },
    }, Learns: false);

    /// <summary>The lowest price per hour in a data centre.</summary>
    public static Chooser Reliable { get; } = new("cheapest-reliable", request => request with
    {
        Prefer = PlanPreference.Hourly,
        Reliability = request.Reliability with { Capacity = CapacityChoice.OnDemand, Tier = HostTier.Datacenter },
    }, Learns: false);

    public static ImmutableArray<Chooser> All { get; } = [Ours, CheapestHour, OnDemand, Reliable];

    public Plan Plan(PlanRequest request, ImmutableArray<Offer> offers, bool complete, MarketMemory memory) =>
        Planner.Plan(Want(request), offers, complete, Learns ? memory : MarketMemory.Empty);
}
