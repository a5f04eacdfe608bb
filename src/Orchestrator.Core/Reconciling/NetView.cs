using System.Collections.Immutable;
using Orchestrator.Offers;

namespace Orchestrator.Reconciling;

/// <summary>What a plan knows of a job's deadline: capacity that nobody takes away, on which it can still be made.</summary>
public sealed record NetView
{
    /// <summary>Best first: what makes the deadline in nine runs of ten, then what is expected to. Empty = nothing does, or nobody knows how much work is left.</summary>
    public required ImmutableArray<Offer> Ranked { get; init; }

    /// <summary>Nine runs of ten on the first of them are done in this time; null without one.</summary>
    public TimeSpan? Needed { get; init; }

    /// <summary>Whether the job makes it in nine runs of ten where it is; null where the plan was made without regard to that.</summary>
    public bool? StaysInTime { get; init; }

    /// <summary>By how much the fastest way is expected to miss it; null = it can be made, or nobody knows.</summary>
    public TimeSpan? MissedBy { get; init; }
}
