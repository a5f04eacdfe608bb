using System.Collections.Immutable;

namespace Orchestrator.Reconciling;

/// <summary>A tick that emitted something, kept so that it can be decided again: <c>orchestrator replay</c>.</summary>
public sealed record TickRecord
{
    /// <summary>Events applied before this tick.</summary>
    public required long SeqBefore { get; init; }

    public required DateTimeOffset Now { get; init; }

    public required Policies Policies { get; init; }

    public required Observation Observation { get; init; }

    public required ImmutableArray<JobEvent> Events { get; init; }
}
