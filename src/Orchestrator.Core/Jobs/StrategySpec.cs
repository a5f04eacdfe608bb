using System.Collections.Immutable;

namespace Orchestrator.Jobs;

/// <summary>A matrix of jobs.</summary>
public sealed record StrategySpec
{
    /// <summary>In the order written.</summary>
    public ImmutableArray<MatrixAxis> Matrix { get; init; } = [];

    public ImmutableArray<ImmutableSortedDictionary<string, string>> Include { get; init; } = [];

    public ImmutableArray<ImmutableSortedDictionary<string, string>> Exclude { get; init; } = [];

    public int? MaxParallel { get; init; }

    /// <summary>How many jobs must show progress before the rest starts.</summary>
    public int Canary { get; init; }

    public bool FailFast { get; init; }
}
