using System.Collections.Immutable;

namespace Orchestrator.Checkpoints;

/// <summary>The list of a checkpoint's files, stored last, as JSON: once it is there and verified, the checkpoint counts.</summary>
public sealed record CheckpointManifest
{
    /// <summary>1.</summary>
    public int Version { get; init; } = 1;

    public required string Job { get; init; }

    public required int Attempt { get; init; }

    public required int Ordinal { get; init; }

    /// <summary>Name of the entry (a file or folder) below the checkpoint folder.</summary>
    public required string Entry { get; init; }

    public long? Step { get; init; }

    /// <summary>When the agent had read the last byte (host clock).</summary>
    public required DateTimeOffset TakenAt { get; init; }

    public required ImmutableArray<ManifestFile> Files { get; init; }
}
