using System.Collections.Immutable;
using Orchestrator.Offers;

namespace Orchestrator.Reconciling;

/// <summary>The plan's answer as a tick sees it: the best offers, cheapest way to finish first.</summary>
public sealed record PlanView
{
    public required DateTimeOffset At { get; init; }

    /// <summary>
    /// Offers that fit, best first: the best of all, then the best of each provider among the others, since one may be barred, and the
    /// cheapest hour, since little may be left to spend. Empty = nothing fits now.
    /// </summary>
    public required ImmutableArray<Offer> Ranked { get; init; }

    /// <summary>Why the others do not, grouped and counted: <c>12 offers: 9 other GPU, 3 memory below 24 GB</c>.</summary>
    public required string Rejected { get; init; }

    /// <summary>All providers answered; false = some are Unknown now, so an empty list proves nothing.</summary>
    public bool Complete { get; init; }

    /// <summary>It is not complete only because a part of a market was not seen yet: all providers answered. Ticks recorded by older releases do not say.</summary>
    public bool Partly { get; init; }

    /// <summary>Where nothing fits: what would, but for the budget. Ticks recorded by older releases have none.</summary>
    public BeyondBudget? BeyondBudget { get; init; }

    /// <summary>What finishing on the first of <see cref="Ranked"/> is expected to cost in nine runs of ten at most; null where nobody knows how much work is left, and in ticks recorded by older releases.</summary>
    public Money? Expected { get; init; }

    /// <summary>Ticks recorded by older releases have none.</summary>
    public LoadView? Loads { get; init; }
    /// <summary>How often to make checkpoints, where the spec leaves it to the plan; ticks recorded by older releases have none.</summary>
    public ImmutableArray<OfferRhythm> Rhythms { get => field.IsDefault ? [] : field; init; } = [];

    /// <summary>Null without a deadline, and in ticks recorded by older releases.</summary>
    public NetView? Net { get; init; }

    /// <summary>Null where the job runs nowhere, or no place is expected to be cheaper than where it does.</summary>
    public MoveView? Move { get; init; }

    /// <summary>Null where the market asks no more than usual, without a deadline, and in ticks recorded by older releases.</summary>
    public UsualCost? Usually { get; init; }
}
