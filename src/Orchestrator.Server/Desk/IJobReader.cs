using System.Collections.Immutable;
using Orchestrator.Server.Api;

namespace Orchestrator.Server.Desk;

/// <summary>What the API and the dashboard read about jobs. Implemented over the engine's store; tests bring their own.</summary>
public interface IJobReader
{
    Task<ImmutableArray<JobSummary>> ListAsync(JobListQuery query, CancellationToken cancellation);

    /// <summary>By number (<c>112</c>, <c>#112</c>, <c>lora#112</c>) or by name: the live job of that name, or the newest ended one. Null = there is none; several live ones throw <see cref="DeskException"/>.</summary>
    Task<JobDetails?> FindAsync(string idOrName, CancellationToken cancellation);

    /// <summary>Events after a sequence number, oldest first, at most <paramref name="limit"/>.</summary>
    Task<ImmutableArray<TimelineEntry>> TimelineAsync(long job, long after, int limit, CancellationToken cancellation);

    /// <summary>The newest events, oldest first.</summary>
    Task<ImmutableArray<TimelineEntry>> NewestAsync(long job, int limit, CancellationToken cancellation);

    /// <summary>What is rented now or in use, of the newest jobs first.</summary>
    Task<ImmutableArray<RentedView>> RentedAsync(int most, CancellationToken cancellation);

    /// <summary>A piece of the log of an attempt that exists. A negative offset counts from the end.</summary>
    Task<LogSlice> LogAsync(long job, int attempt, long offset, int limit, CancellationToken cancellation);

    /// <summary>The offset of what arrived at or after a moment.</summary>
    Task<long> LogOffsetAsync(long job, int attempt, DateTimeOffset since, CancellationToken cancellation);

    Task<ImmutableArray<CheckpointView>> CheckpointsAsync(long job, CancellationToken cancellation);

    /// <summary>One checkpoint with its files; null = no such number, or its manifest is gone.</summary>
    Task<CheckpointView?> CheckpointAsync(long job, int number, CancellationToken cancellation);

    Task<ImmutableArray<StoredFile>> OutputsAsync(long job, CancellationToken cancellation);

    /// <summary>An object of this job; null = not there, or not this job's.</summary>
    Task<Stream?> OpenFileAsync(long job, string key, CancellationToken cancellation);
}
