using System.Collections.Immutable;

namespace Orchestrator.Protocol;

/// <summary>First line of every attach.</summary>
public sealed record Hello : AgentMessage
{
    public required int Major { get; init; }

    public required int Minor { get; init; }

    public required string AgentVersion { get; init; }

    /// <summary>The label the instance was created with.</summary>
    public required string Label { get; init; }

    /// <summary>Kernel boot id of the host: a new one means everything that ran is gone.</summary>
    public required string BootId { get; init; }

    /// <summary>Number of the newest journal event; 0 = none.</summary>
    public required long LastSeq { get; init; }

    /// <summary>Bytes of the trainer's log so far.</summary>
    public required long LogLength { get; init; }

    /// <summary>XXH128 of the <see cref="Welcome.Trust"/> it keeps; null = none. Since 1.1.</summary>
    public string? TrustHash { get; init; }
}

/// <summary>A journal event, sent in order from <c>since + 1</c>; repeated after a reconnect until acknowledged.</summary>
public sealed record EventMessage(AgentEvent Event) : AgentMessage;

/// <summary>Every few seconds, and carries what changes all the time and needs no journal.</summary>
public sealed record Heartbeat : AgentMessage
{
    public long LastSeq { get; init; }

    public TrainerStatus Trainer { get; init; }

    public long? Step { get; init; }

    public long? TotalSteps { get; init; }

    /// <summary>Newest metrics by name, at most 16 and those that the order watches; only finite ones, since JSON has no other numbers.</summary>
    public ImmutableSortedDictionary<string, double>? Metrics { get; init; }

    /// <summary>Those of them that are no finite numbers now; null = all are, or the agent is older than 1.4.</summary>
    public ImmutableSortedDictionary<string, OddMetric>? NotFinite { get; init; }

    /// <summary>Bytes free where the instance's root lies.</summary>
    public long? DiskFree { get; init; }

    /// <summary>What the agent is doing beside training: <c>uploading checkpoint 12: 41 %</c>.</summary>
    public string? Activity { get; init; }
}

/// <summary>A piece of the trainer's output (stdout and stderr as the trainer wrote them, in one stream).</summary>
/// <param name="Offset">Byte offset of its first byte in the attempt's log.</param>
/// <param name="Data">Raw bytes, base64 in JSON, at most 64 KiB.</param>
public sealed record LogMessage(long Offset, ReadOnlyMemory<byte> Data) : AgentMessage;

/// <summary>Asks for signed URLs. The server answers with the same id, in any order.</summary>
public sealed record GrantRequest(long Id, ImmutableArray<GrantWanted> Wanted) : AgentMessage;
