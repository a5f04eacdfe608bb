using Orchestrator.Server.Api;

namespace Orchestrator.Server.Desk;

/// <summary>Batches by their names, of several of one name the newest; or by their numbers, <c>#4</c>. Throws <see cref="DeskException"/> where there is none.</summary>
public interface IBatchDesk
{
    Task<BatchDetails> FindAsync(string name, CancellationToken cancellation);

    /// <summary>All of its jobs that have not ended.</summary>
    Task<BatchReply> CancelAsync(string name, string by, CancellationToken cancellation);

    /// <summary>All of its jobs that have not ended.</summary>
    Task<BatchReply> PauseAsync(string name, string by, CancellationToken cancellation);

    /// <summary>All of its jobs that are paused.</summary>
    Task<BatchReply> ResumeAsync(string name, string by, CancellationToken cancellation);

    /// <summary>All that failed, or was stopped because another did, as jobs of the same batch.</summary>
    Task<BatchReply> RetryAsync(string name, RetryRequest request, string by, CancellationToken cancellation);

    /// <summary>Sets the shared budget, and lets those go on that stood still for it.</summary>
    /// <param name="name">The batch.</param>
    /// <param name="budget">Dollars.</param>
    /// <param name="by">Who asks.</param>
    /// <param name="cancellation">Ends the call.</param>
    Task<BatchReply> SetBudgetAsync(string name, decimal budget, string by, CancellationToken cancellation);
}
