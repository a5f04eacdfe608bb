using Orchestrator.Jobs;

namespace Orchestrator.Engine.Store;

/// <summary>A retry of the job is live: nothing was submitted.</summary>
public sealed class RetriedAlreadyException(JobId job) : Exception($"job {job} is being retried already")
{
    /// <summary>The one that was to be retried.</summary>
    public JobId Job { get; } = job;
}
