using System.Collections.Immutable;

namespace Orchestrator.Engine.Store.Views;

/// <summary>Newest progress of a job, as its agent reported it.</summary>
public sealed record ProgressView
{
    /// <summary>The attempt that reported it.</summary>
    public int Attempt { get; init; }

    public long? Step { get; init; }

    public long? TotalSteps { get; init; }

    /// <summary>When the step last rose.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>Of that attempt, its warm-up left out; null while too little was seen.</summary>
    public double? SecondsPerStep { get; init; }

    public ImmutableSortedDictionary<string, double> Metrics { get; init; } = ImmutableSortedDictionary<string, double>.Empty;
}
