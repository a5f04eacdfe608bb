using System.Collections.Immutable;

namespace Orchestrator.Jobs;

/// <summary>One dimension of a matrix.</summary>
public sealed record MatrixAxis
{
    public required string Name { get; init; }

    /// <summary>As written.</summary>
    public required ImmutableArray<string> Values { get; init; }
}
