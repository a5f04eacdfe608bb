using System.Collections.Immutable;

namespace Orchestrator.Server.Api;

/// <summary>One offer of a plan. The parts add up to <see cref="Total"/>; they are null where nobody knows how much work is left.</summary>
public sealed record PlanChoice
{
    public required string Provider { get; init; }

    public required string Offer { get; init; }

    public string? Host { get; init; }

    public string? Gpu { get; init; }

    public required int GpuCount { get; init; }

    public required string Capacity { get; init; }

    /// <summary><c>own</c>, <c>datacenter</c>, <c>community</c> or <c>marketplace</c>.</summary>
    public required string Tier { get; init; }

    /// <summary>When the rental ends by itself; null = it does not.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>The bid to make, where the offer takes bids.</summary>
    public decimal? Bid { get; init; }

    /// <summary>Compute and disk.</summary>
    public required decimal PerHour { get; init; }

    public double? MedianSeconds { get; init; }

    public double? Seconds90 { get; init; }

    public decimal? Compute { get; init; }

    public decimal? LostWork { get; init; }

    public decimal? Disk { get; init; }

    public decimal? Moves { get; init; }

    public decimal? StoreEgress { get; init; }

    public decimal? NeverBoots { get; init; }

    public decimal? Total { get; init; }

    public decimal? Total90 { get; init; }

    public double? Interruptions { get; init; }

    public PlanCheckpoints? Checkpoints { get; init; }

    public bool MissesDeadline { get; init; }

    /// <summary>How long its host goes on, at most, when no server is heard of any more; null = nobody ends it.</summary>
    public double? LeaseSeconds { get; init; }

    /// <summary>How long after its start a host ends itself whose agent has not answered yet; null = nobody ends it.</summary>
    public double? AloneSeconds { get; init; }

    /// <summary>What its numbers were made from.</summary>
    public required ImmutableArray<PlanFigure> Figures { get; init; }
}
