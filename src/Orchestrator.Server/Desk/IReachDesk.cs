using Orchestrator.Server.Api;

namespace Orchestrator.Server.Desk;

/// <summary>Where jobs run.</summary>
public interface IReachDesk
{
    /// <summary>Throws <see cref="DeskException"/> when it runs nowhere now, or its machine does not answer.</summary>
    Task<JobReach> ReachAsync(JobRef job, CancellationToken cancellation);
}
