using System.Collections.Immutable;

namespace Orchestrator.Reconciling;

/// <summary>What one tick saw. Everything that could not be asked is Unknown, never Absent.</summary>
public sealed record Observation
{
    /// <summary>Commands and results of effects, oldest first, each delivered until a tick has handled it.</summary>
    public ImmutableArray<InboxItem> Inbox { get; init; } = [];

    /// <summary>Ranked offers; null = not asked (no attempt is due) or no provider answered.</summary>
    public PlanView? Plan { get; init; }

    /// <summary>One per attempt that has not ended.</summary>
    public ImmutableArray<AttemptObservation> Attempts { get; init; } = [];
}
