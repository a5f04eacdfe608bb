using Orchestrator.Server.Api;

namespace Orchestrator.Server.Desk;

/// <summary>What a person asks of jobs. Throws <see cref="DeskException"/> where it is refused.</summary>
public interface IJobCommands
{
    Task<SubmitReply> SubmitAsync(SubmitRequest request, string by, CancellationToken cancellation);

    /// <param name="job">The job.</param>
    /// <param name="by">Who asked.</param>
    /// <param name="now">Do not wait until the newest checkpoint is stored.</param>
    /// <param name="cancellation">Ends the call.</param>
    Task<CommandReply> CancelAsync(JobRef job, string by, bool now, CancellationToken cancellation);

    Task<CommandReply> PauseAsync(JobRef job, string by, CancellationToken cancellation);

    /// <param name="job">The job.</param>
    /// <param name="budget">New budget in dollars; null = unchanged.</param>
    /// <param name="by">Who asked.</param>
    /// <param name="cancellation">Ends the call.</param>
    Task<CommandReply> ResumeAsync(JobRef job, decimal? budget, string by, CancellationToken cancellation);

    /// <summary>Submits an ended job again, as a job of its own that begins from a checkpoint of the former.</summary>
    Task<SubmitReply> RetryAsync(JobRef job, RetryRequest request, string by, CancellationToken cancellation);

    Task<CommandReply> UpdateAsync(JobRef job, UpdateRequest request, string by, CancellationToken cancellation);

    Task<CommandReply> SaveAsync(JobRef job, string by, CancellationToken cancellation);
}
