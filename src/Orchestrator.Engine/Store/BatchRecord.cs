using System.Collections.Immutable;
using Orchestrator.Batches;

namespace Orchestrator.Engine.Store;

/// <summary>A batch by the books.</summary>
public sealed record BatchRecord
{
    public required long Id { get; init; }

    public required BatchRules Rules { get; init; }

    public required string Owner { get; init; }

    public required DateTimeOffset SubmittedAt { get; init; }

    /// <summary>Null = a job of it has not ended.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>By their numbers.</summary>
    public required ImmutableArray<BatchMember> Members { get; init; }
}
