using System.Collections.Immutable;
using Orchestrator.Batches;
using Orchestrator.Spending;

namespace Orchestrator.Reconciling;

/// <summary>What one tick saw. Everything that could not be asked is Unknown, never Absent.</summary>
public sealed record Observation
{
    /// <summary>Commands and results of effects, oldest first, each delivered until a tick has handled it.</summary>
    public ImmutableArray<InboxItem> Inbox { get; init; } = [];

    /// <summary>Ranked offers; null = not asked (no attempt is due) or no provider answered.</summary>
    public PlanView? Plan { get; init; }

    /// <summary>What the server's limits leave; null = there are none, or no attempt is due. Ticks recorded by older releases have none.</summary>
    public Room? Room { get; init; }

    /// <summary>What the job's batch lets it do; null = it belongs to none, or nothing is asked of it now. Ticks recorded by older releases have none.</summary>
    public BatchView? Batch { get; init; }

    /// <summary>One per attempt that has not ended.</summary>
    public ImmutableArray<AttemptObservation> Attempts { get; init; } = [];

    /// <summary>When none of our servers looked, oldest first: deadlines that wait for an answer stand still meanwhile. Ticks recorded by older releases have none.</summary>
    public ImmutableArray<UnattendedTime> Unattended { get => field.IsDefault ? [] : field; init; } = [];
}
