using System.Collections.Immutable;

namespace Orchestrator.Jobs;

/// <summary>How progress is read.</summary>
public sealed record ProgressRule
{
    public ProgressFormat Format { get; init; } = ProgressFormat.Auto;

    /// <summary>Absolute container path of the file to read; null reads the trainer's output.</summary>
    public string? File { get; init; }

    /// <summary>Regular expression with the groups step, and where known total and metric names.</summary>
    public string? Pattern { get; init; }

    /// <summary>Steps of the whole job.</summary>
    public long? Total { get; init; }

    /// <summary>Names of the metrics to keep; empty keeps what is found.</summary>
    public ImmutableArray<string> Metrics { get; init; } = [];

    /// <summary>Condition that ends the training, for example <c>loss is nan</c>; as <see cref="StopCondition"/> reads it.</summary>
    public string? StopWhen { get; init; }
}
