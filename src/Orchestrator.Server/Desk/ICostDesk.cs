using Orchestrator.Server.Api;

namespace Orchestrator.Server.Desk;

/// <summary>The ledger: where the money went, and what the providers say of it.</summary>
public interface ICostDesk
{
    /// <param name="job">Null = of all jobs.</param>
    /// <param name="since">Only instances that were there at that instant or after it.</param>
    /// <param name="cancellation">Ends it.</param>
    Task<CostReply> AskAsync(long? job, DateTimeOffset? since, CancellationToken cancellation);
}
