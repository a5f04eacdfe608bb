using System.Text.Json.Serialization;

namespace Orchestrator.Checkpoints;

/// <summary>A verified checkpoint as the kernel knows it.</summary>
public sealed record CheckpointRef
{
    /// <summary>The attempt that wrote it; 0 = it was another job's, and was copied for this one before its first attempt.</summary>
    public required int Attempt { get; init; }

    /// <summary>1 for the attempt's first. (attempt, ordinal) orders a job's checkpoints by age.</summary>
    public required int Ordinal { get; init; }

    /// <summary>Key of its manifest in the store: the commit point.</summary>
    public required string ManifestKey { get; init; }

    /// <summary>Name of the entry in the checkpoint folder, as the trainer wrote it.</summary>
    public required string Entry { get; init; }

    /// <summary>The step it was taken at, where progress was known.</summary>
    public long? Step { get; init; }

    /// <summary>It was seen only after a later attempt had chosen its own restore: shown, never restored by itself, so that the step never goes back.</summary>
    public bool Late { get; init; }

    /// <summary>When its agent's word of it was read; null for one that was found in the store, and in events of older releases.</summary>
    public DateTimeOffset? ReportedAt { get; init; }

    /// <summary>Size of all its files.</summary>
    public long Bytes { get; init; }

    /// <summary>What went over the host's line for it; null = it is not known (older releases), and all of it is taken to have.</summary>
    public long? SentBytes { get; init; }

    /// <summary>How long that took.</summary>
    public TimeSpan? Upload { get; init; }

    /// <summary>Of one that was copied from another job: the training time whose work it held there. Null = not known, or it is the job's own.</summary>
    public TimeSpan? TrainedBefore { get; init; }

    /// <summary>Up to when it holds the work: it is reported once it has been sent. Null = nobody wrote that down.</summary>
    [JsonIgnore]
    public DateTimeOffset? TakenAt => ReportedAt - (Upload ?? TimeSpan.Zero);
}
