using System.Collections.Immutable;
using Orchestrator.Protocol;

namespace Orchestrator.Reconciling;

/// <summary>An attempt's agent as the database knows it (ticks never talk to agents).</summary>
public sealed record AgentView
{
    /// <summary>When anything was last received (database clock); null = never.</summary>
    public DateTimeOffset? LastHeardAt { get; init; }

    /// <summary>While nobody was heard: what was tried last, and why it failed. Null = nothing is known. Ticks recorded by older releases have none.</summary>
    public string? Unreached { get; init; }

    /// <summary>Nobody has got into its host so far, not even to prepare it. Ticks recorded by older releases do not know, and have false.</summary>
    public bool NeverReached { get; init; }

    /// <summary>Its channel is open now. A broken channel alone proves nothing; with a provider that says "stopped" it is the second witness.</summary>
    public bool Connected { get; init; }

    /// <summary>Events after the attempt's <c>AgentSeq</c>, in order, without a gap, bounded.</summary>
    public ImmutableArray<AgentEvent> Events { get; init; } = [];

    /// <summary>Newest progress; not an event, so that a healthy job writes none.</summary>
    public long? Step { get; init; }

    public long? TotalSteps { get; init; }

    /// <summary>When the step last rose (database clock).</summary>
    public DateTimeOffset? ProgressAt { get; init; }

    /// <summary>Newest metrics by name, the finite ones; null = none, and in ticks recorded by older releases.</summary>
    public ImmutableSortedDictionary<string, double>? Metrics { get; init; }

    /// <summary>Those that are no finite numbers now.</summary>
    public ImmutableSortedDictionary<string, OddMetric>? NotFinite { get; init; }
}
