using System.Collections.Immutable;

namespace Orchestrator.Server.Api;

/// <summary>One job with its attempts. Field names are read by scripts: add, never rename.</summary>
public sealed record JobDetails
{
    public required long Id { get; init; }

    public required string Name { get; init; }

    /// <inheritdoc cref="JobSummary.State"/>
    public required string State { get; init; }

    public required string Reason { get; init; }

    public string? Phase { get; init; }

    public DateTimeOffset SubmittedAt { get; init; }

    public DateTimeOffset Since { get; init; }

    public StepProgress? Progress { get; init; }

    public DateTimeOffset? DoneAt { get; init; }

    public string? Where { get; init; }

    public decimal? PricePerHour { get; init; }

    public decimal Cost { get; init; }

    public decimal? Budget { get; init; }

    public CheckpointAtStep? LastCheckpoint { get; init; }

    public int Interruptions { get; init; }

    /// <summary>The step the newest attempt that restored a checkpoint went on from; null = none has.</summary>
    public long? ResumedAtStep { get; init; }

    /// <summary>Instances on the books that are not gone yet.</summary>
    public int InstancesLeft { get; init; }

    /// <summary>Exit code of the newest attempt whose trainer ended by itself.</summary>
    public int? ExitCode { get; init; }

    public string? Image { get; init; }

    public string? Code { get; init; }

    /// <summary>All attempts, oldest first.</summary>
    public ImmutableArray<AttemptDetails> Attempts { get; init; } = [];
}
