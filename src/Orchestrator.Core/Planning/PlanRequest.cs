using System.Collections.Immutable;
using Orchestrator.Jobs;
using Orchestrator.Offers;
using Orchestrator.Spending;

namespace Orchestrator.Planning;

/// <summary>All that a plan depends on beside the market and what was learned from it: plain data, so that a plan can be made again.</summary>
public sealed record PlanRequest
{
    public required DateTimeOffset Now { get; init; }

    /// <summary>The spec's later start; null = it may begin at once. Rentals must last, and a deadline be made, from then on.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    internal DateTimeOffset Begins => NotBefore is { } later && later > Now ? later : Now;

    public required JobDemand Demand { get; init; }

    public ReliabilityPolicy Reliability { get; init; } = new();

    public PlanPreference Prefer { get; init; } = PlanPreference.Cost;

    /// <summary>Only trusted places, and marketplace hosts that the spec names.</summary>
    public bool Sensitive { get; init; }

    /// <summary>Null = nobody knows: offers are ranked by their price per hour, and the plan asks for an estimate.</summary>
    public WorkLeft? Work { get; init; }

    public WorkSizes Sizes { get; init; } = new();

    public RhythmTerms Rhythm { get; init; } = new();

    /// <summary>What the stores charge for a decimal gigabyte that leaves them; null = nobody knows, and nothing is counted.</summary>
    public Money? StoreEgressPerGB { get; init; }

    /// <summary>Whether anybody has said what the job may cost in all: without, nothing is rented for money.</summary>
    public bool HasLimit { get; init; } = true;

    /// <summary>Null = no limit.</summary>
    public Money? BudgetLeft { get; init; }

    /// <summary>Per hour, disk included.</summary>
    public Money? MaxHourly { get; init; }

    /// <summary>What the server's limits leave; null = there are none, or they are not asked about.</summary>
    public RoomLeft? Room { get; init; }

    /// <summary>Hosts that other jobs of the batch give up, beside what the market offers.</summary>
    public ImmutableArray<Offer> Warm { get; init; } = [];

    public ImmutableArray<BannedHost> Banned { get; init; } = [];

    public DateTimeOffset? Deadline { get; init; }

    /// <summary>How often the job's infrastructure ended an attempt so far; counts against <c>on-demand-after</c>.</summary>
    public int Interruptions { get; init; }

    /// <summary>Where the job runs now; null = nowhere.</summary>
    public RunningHost? Running { get; init; }

    /// <summary>Time an orderly end takes: the trainer's grace and the last upload. A rental must outlive the finish by it.</summary>
    public TimeSpan Drain { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Most choices a plan returns.</summary>
    public int MaxChoices { get; init; } = 20;
}
