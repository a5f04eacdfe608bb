using System.Collections.Immutable;

namespace Orchestrator.Jobs;

/// <summary>The code a job brings along.</summary>
public sealed record CodeSource
{
    public required CodeSourceKind Kind { get; init; }

    /// <summary>Absolute path on the submitting machine; null for git.</summary>
    public string? Folder { get; init; }

    /// <summary>Repository URL; null for a folder.</summary>
    public string? Git { get; init; }

    /// <summary>Branch, tag or commit; null is the repository's default branch.</summary>
    public string? Ref { get; init; }

    /// <summary>Sub-folder of the repository or folder to bring; null is all of it.</summary>
    public string? Path { get; init; }

    /// <summary>Absolute container path it is put at.</summary>
    public string To { get; init; } = "/workspace";

    /// <summary>Globs; empty means everything.</summary>
    public ImmutableArray<string> Include { get; init; } = [];

    public ImmutableArray<string> Exclude { get; init; } = [];
}
