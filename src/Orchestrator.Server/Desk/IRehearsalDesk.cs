using Orchestrator.Server.Api;

namespace Orchestrator.Server.Desk;

/// <summary>Rehearsals of specs. Throws <see cref="DeskException"/> where one is refused.</summary>
public interface IRehearsalDesk
{
    Task<SubmitReply> BeginAsync(RehearseRequest request, string by, CancellationToken cancellation);

    /// <param name="job">The rehearsal's own job.</param>
    /// <param name="cancellation">Ends the call.</param>
    Task<RehearsalDetails> FindAsync(long job, CancellationToken cancellation);

    /// <summary>Whether the spec is weekend-ready as it is written now.</summary>
    Task<RehearsalStamp> StampAsync(SubmitRequest spec, CancellationToken cancellation);
}
