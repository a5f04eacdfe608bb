using System.Collections.Immutable;

namespace Orchestrator.Protocol;

/// <summary>How the agent reads progress.</summary>
public sealed record ProgressOrder
{
    public ProgressFormat Format { get; init; } = ProgressFormat.Auto;

    /// <summary>JSON-lines file, absolute as in the spec; null = the one in ORCHESTRATOR_PROGRESS_FILE.</summary>
    public string? File { get; init; }

    /// <summary>.NET regular expression (no backtracking) over log lines with groups <c>step</c> and optionally <c>total</c> and metrics by name.</summary>
    public string? Pattern { get; init; }

    public long? Total { get; init; }

    /// <summary>Metric names to keep; empty = the first few found.</summary>
    public ImmutableArray<string> Metrics { get; init; } = [];

    /// <summary>Metrics that something hangs on: kept beside those, whatever else there is. Since 1.4.</summary>
    public ImmutableArray<string> Watched { get; init; } = [];
}
