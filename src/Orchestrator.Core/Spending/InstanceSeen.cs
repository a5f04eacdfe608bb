using System.Collections.Immutable;

namespace Orchestrator.Spending;

/// <summary>An instance of an attempt as the books know it.</summary>
public sealed record InstanceSeen
{
    public required string InstanceId { get; init; }

    /// <summary>Carried the attempt's label beside the one that it owned.</summary>
    public bool Extra { get; init; }

    /// <summary>Of an extra one, when it was known to be gone.</summary>
    public DateTimeOffset? GoneAt { get; init; }

    /// <summary>When the attempt's own began to be billed, as its provider says; where it does not say, when it was seen to run.</summary>
    public DateTimeOffset? RunningAt { get; init; }

    /// <summary>When the attempt's newest checkpoint that is in the store was reported.</summary>
    public DateTimeOffset? SavedAt { get; init; }

    /// <summary>In which its provider said that it bills less.</summary>
    public ImmutableArray<SparedSpan> Spared { get; init; } = [];
}
