using System.Collections.Immutable;
using Orchestrator.Planning.Measuring;
using Orchestrator.Reconciling;

namespace Orchestrator.Engine.Store.Views;

/// <summary>Everything there is to see of one job, but its timeline and its log.</summary>
public sealed record JobDetail
{
    public required JobSummary Job { get; init; }

    public required JobState State { get; init; }

    /// <summary>When it was read, by the database's clock.</summary>
    public required DateTimeOffset Now { get; init; }

    public required string SpecYaml { get; init; }

    public required string SpecJson { get; init; }

    /// <summary>Oldest first.</summary>
    public required ImmutableArray<AttemptView> Attempts { get; init; }

    /// <summary>Oldest first, deleted ones too.</summary>
    public required ImmutableArray<CheckpointView> Checkpoints { get; init; }

    /// <summary>How fast its attempts were seen to train, oldest first; those that showed nothing are missing.</summary>
    public ImmutableArray<PaceSeen> Paces { get; init; } = [];

    /// <summary>Step the newest attempt resumed from; null = it began at the start, or has not decided.</summary>
    public long? ResumedAtStep { get; init; }

    /// <summary>Where the newest attempt's outputs lie in the store; null before the first attempt.</summary>
    public string? OutputsPrefix { get; init; }
}
