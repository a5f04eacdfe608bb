using System.Collections.Immutable;

namespace Orchestrator.Server.Api;

/// <param name="Job">The accepted job; null = it is a series, whose jobs are to come, or a batch of several.</param>
/// <param name="Notes">Warnings of the validator, one line each.</param>
public sealed record SubmitReply(JobRef? Job, ImmutableArray<string> Notes)
{
    /// <summary>The job was there already: nothing was submitted.</summary>
    public bool Known { get; init; }

    /// <summary>The other job's checkpoint that it begins from, in words; null = it begins at the start.</summary>
    public string? Start { get; init; }

    /// <summary>The accepted series: the spec has a <c>schedule.cron</c>.</summary>
    public SeriesRef? Series { get; init; }

    /// <summary>The accepted batch: the spec has a <c>strategy.matrix</c>.</summary>
    public BatchRef? Batch { get; init; }
}
