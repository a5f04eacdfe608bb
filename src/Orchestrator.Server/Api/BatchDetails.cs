using System.Collections.Immutable;

namespace Orchestrator.Server.Api;

/// <summary>A batch and its jobs. Money in dollars.</summary>
public sealed record BatchDetails
{
    public required string Name { get; init; }

    public required string Owner { get; init; }

    public required DateTimeOffset SubmittedAt { get; init; }

    /// <summary>Null = a job of it has not ended.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Most that all together may cost; null = they share no budget.</summary>
    public decimal? Budget { get; init; }

    /// <summary>Of all together.</summary>
    public decimal Cost { get; init; }

    /// <summary>How many may run at one time; null = all.</summary>
    public int? MaxParallel { get; init; }

    /// <summary>How many must have shown that they work before the rest starts.</summary>
    public int Canary { get; init; }

    public bool FailFast { get; init; }

    /// <summary>By their numbers.</summary>
    public required ImmutableArray<BatchJob> Jobs { get; init; }
}
