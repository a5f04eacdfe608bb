using System.Collections.Immutable;

namespace Orchestrator.Jobs;

/// <summary>Data brought to the instance before training.</summary>
public sealed record DataMount
{
    public required DataSourceKind Kind { get; init; }

    /// <summary>URL; for a folder the absolute path on the submitting machine.</summary>
    public required string From { get; init; }

    /// <summary>Absolute container path.</summary>
    public required string To { get; init; }

    /// <summary>Globs; empty means everything.</summary>
    public ImmutableArray<string> Include { get; init; } = [];

    public ImmutableArray<string> Exclude { get; init; } = [];

    public DataStart StartWhen { get; init; } = DataStart.Complete;

    /// <summary>Provider volume to keep the data on (reserved).</summary>
    public string? Volume { get; init; }
}
