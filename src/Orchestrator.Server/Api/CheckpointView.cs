using System.Collections.Immutable;

namespace Orchestrator.Server.Api;

/// <summary>A checkpoint of a job. <see cref="Number"/> is what a person types.</summary>
public sealed record CheckpointView
{
    /// <summary>Counts the job's checkpoints from 1, oldest first, deleted ones included.</summary>
    public required int Number { get; init; }

    public required int Attempt { get; init; }

    public required int Ordinal { get; init; }

    public required string Entry { get; init; }

    public long? Step { get; init; }

    public long Bytes { get; init; }

    public DateTimeOffset? At { get; init; }

    /// <summary>committed, unverified, damaged, retired, deleted.</summary>
    public required string State { get; init; }

    public required string ManifestKey { get; init; }

    /// <summary>Filled where one checkpoint is asked for.</summary>
    public ImmutableArray<StoredFile> Files { get; init; } = [];
}
