using System.Collections.Immutable;

namespace Orchestrator.Server.Api;

/// <summary>A batch and its jobs. Money in dollars.</summary>
public sealed record BatchDetails
{
    /// <summary>A name may come again; this does not.</summary>
    public long Id { get; init; }

    public required string Name { get; init; }

    public required string Owner { get; init; }

    public required DateTimeOffset SubmittedAt { get; init; }

    /// <summary>Null = a job of it has not ended.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Most that all together may cost; null = they share no budget.</summary>
    public decimal? Budget { get; init; }

    /// <summary>Of all together, by our own meter.</summary>
    public decimal Cost { get; init; }

    /// <summary>What providers have charged beyond that: it counts against the shared budget.</summary>
    public decimal BeyondMeter { get; init; }

    /// <summary>Of the shared budget what jobs with a host may still spend of it; null = they share none.</summary>
    public decimal? Held { get; init; }

    /// <summary>Of the shared budget what nobody holds; null = they share none.</summary>
    public decimal? Free { get; init; }

    /// <summary>How many may run at one time; null = all.</summary>
    public int? MaxParallel { get; init; }

    /// <summary>How many must have shown that they work before the rest starts.</summary>
    public int Canary { get; init; }

    /// <summary>How many have shown it; of a batch without canaries those that have succeeded.</summary>
    public int Proven { get; init; }

    public bool FailFast { get; init; }

    /// <summary>By their numbers.</summary>
    public required ImmutableArray<BatchJob> Jobs { get; init; }
}
