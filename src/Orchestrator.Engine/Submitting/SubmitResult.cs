using System.Collections.Immutable;
using Orchestrator.Engine.Recurring;
using Orchestrator.Jobs;

namespace Orchestrator.Engine.Submitting;

/// <param name="Job">Null = refused, see <paramref name="Problems"/>; or a series, or a batch.</param>
/// <param name="Name">The job's name, or the batch's.</param>
/// <param name="Problems">Errors and notes, in order of place.</param>
/// <param name="Uploaded">Files of code and data that were not in the store yet.</param>
/// <param name="UploadedBytes">Their size.</param>
public sealed record SubmitResult(JobId? Job, string Name, ImmutableArray<Problem> Problems, int Uploaded, long UploadedBytes)
{
    /// <summary>The job was there already: nothing was submitted.</summary>
    public bool IsKnown { get; init; }

    /// <summary>The other job's checkpoint that it begins from; null = it begins at the start.</summary>
    public string? Start { get; init; }

    /// <summary>What was submitted is one of these; its jobs are to come.</summary>
    public SeriesId? Series { get; init; }

    /// <summary>What was submitted is a batch of these jobs; empty = it is none.</summary>
    public ImmutableArray<JobId> Batch { get; init; } = [];
}
