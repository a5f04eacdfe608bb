using System.Collections.Immutable;
using Orchestrator.Engine.Store.Views;
using Orchestrator.Jobs;
using Orchestrator.Reconciling;

namespace Orchestrator.Engine.Reports;

/// <summary>A job as it stood at the end of the time that is reported.</summary>
public sealed record JobFact
{
    public required JobState State { get; init; }

    /// <summary>Null = it had not ended.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Null = it belongs to no batch.</summary>
    public BatchPart? Batch { get; init; }

    /// <summary>A rehearsal costs money like any job; what becomes of it, and that it is killed, is nobody's news.</summary>
    public bool IsRehearsal { get; init; }

    /// <summary>The figures that its trainer reported last.</summary>
    public ImmutableSortedDictionary<string, double> Metrics { get; init; } = ImmutableSortedDictionary<string, double>.Empty;

    /// <summary>By attempt.</summary>
    public ImmutableDictionary<int, SavedFact> Saved { get; init; } = ImmutableDictionary<int, SavedFact>.Empty;

    public JobPhase Phase => State.Phase;
}
