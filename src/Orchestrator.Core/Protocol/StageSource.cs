using System.Collections.Immutable;

namespace Orchestrator.Protocol;

/// <summary>A tree or file to place on the host.</summary>
public sealed record StageSource
{
    /// <summary>Where it goes, absolute as in the spec.</summary>
    public required string To { get; init; }

    /// <summary>Objects to fetch, with paths below <see cref="To"/>; hashes are checked.</summary>
    public required ImmutableArray<StageFile> Files { get; init; }
}
