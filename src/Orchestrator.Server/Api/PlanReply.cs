using System.Collections.Immutable;

namespace Orchestrator.Server.Api;

/// <summary>Which offer would be taken, what it would cost to finish there, and why not the others. Money in dollars, times in seconds.</summary>
public sealed record PlanReply
{
    public required string Name { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>What offers are ranked by: <c>cost</c>, <c>speed</c> or <c>hourly</c>.</summary>
    public required string RankedBy { get; init; }

    /// <summary>The reliability in force, in words.</summary>
    public required string Reliability { get; init; }

    /// <summary>The cards asked for, in words.</summary>
    public required string Cards { get; init; }

    /// <summary>Disk to rent; null = not known.</summary>
    public long? DiskBytes { get; init; }

    /// <summary>That follows from sizes, the spec does not say it.</summary>
    public bool IsDiskAuto { get; init; }

    public PlanMoves? Moves { get; init; }

    /// <summary>What the job would run, as far as it is known before it is submitted.</summary>
    public ImmutableArray<PlanPin> Pinned { get; init; } = [];

    /// <summary>What is left to do and who says so; null = nobody knows.</summary>
    public PlanWork? Work { get; init; }

    /// <summary>Whether it was rehearsed; null = nobody knows, or it saves no checkpoints.</summary>
    public RehearsalStamp? Rehearsal { get; init; }

    /// <summary>Best first.</summary>
    public required ImmutableArray<PlanChoice> Choices { get; init; }

    /// <summary>The lowest price per hour that meets the policy.</summary>
    public PlanChoice? CheapestHour { get; init; }

    /// <summary>What is done soonest, whatever it costs; null = nobody knows how much work there is.</summary>
    public PlanChoice? Fastest { get; init; }

    /// <summary>Every provider answered; false = the plan does not know the whole market.</summary>
    public required bool Complete { get; init; }

    public required int Offers { get; init; }

    public required int Fit { get; init; }

    /// <summary>Most first.</summary>
    public required ImmutableArray<PlanRejection> Rejected { get; init; }

    /// <summary>Where nothing fits: the offers that fail in one point only, by that point, most first.</summary>
    public ImmutableArray<PlanRejection> NearMisses { get; init; } = [];

    /// <summary>Lines to add to the spec that would make the plan better.</summary>
    public required ImmutableArray<string> Missing { get; init; }

    /// <summary>Notes on the spec, and providers that did not answer.</summary>
    public required ImmutableArray<string> Notes { get; init; }

    /// <summary>Dollars the job may cost in all; null = no limit.</summary>
    public decimal? Budget { get; init; }

    /// <summary>Then the job pauses; false = it ends.</summary>
    public bool PausesAtBudget { get; init; } = true;

    /// <summary>Highest price per hour that the server's limits leave to it, in dollars; null = they do not matter.</summary>
    public decimal? RoomPerHour { get; init; }

    /// <summary>Secrets of the spec that the best choice's owner could read, by their variables.</summary>
    public ImmutableArray<string> VisibleSecrets { get; init; } = [];

    /// <summary>What the best choice's cards cost now and usually; null = no history of the market is at hand.</summary>
    public MarketCard? Market { get; init; }

    /// <summary>When the spec's schedule lets it begin; null = at once, or never.</summary>
    public DateTimeOffset? StartsAt { get; init; }

    /// <summary>The spec's own start, before which no deadline lets it begin.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>It never begins: the spec's hours have no instant in common.</summary>
    public bool NeverStarts { get; init; }

    /// <summary>When the best choice is expected to be done, its hours and the longest wait counted in; null = nobody knows.</summary>
    public DateTimeOffset? DoneAt { get; init; }

    /// <summary>The same in nine cases of ten.</summary>
    public DateTimeOffset? DoneAt90 { get; init; }

    /// <summary>Dollars per hour that an offer must be below for the job to begin; null = any price.</summary>
    public decimal? StartBelow { get; init; }

    /// <summary>Where nothing would do: the cheapest offer that only the budget speaks against.</summary>
    public PlanChoice? OverBudget { get; init; }

    public DateTimeOffset? Deadline { get; init; }

    /// <summary>What the deadline falls back to: the best offer that nobody takes away and that is expected to make it.</summary>
    public PlanChoice? Fallback { get; init; }

    /// <summary>By then the job must be started there; until then it may wait, or ride what is cheaper.</summary>
    public DateTimeOffset? MustStartBy { get; init; }

    /// <summary>It would wait for a market as it usually is, since the deadline leaves time; null = it would begin.</summary>
    public PlanWait? Waits { get; init; }

    /// <summary>By how much the fastest offer is expected to miss the deadline; null = it can be made.</summary>
    public double? MissedBySeconds { get; init; }

    /// <summary>Only with <c>--explain OFFER</c>.</summary>
    public PlanChoice? Explained { get; init; }
}
