using Orchestrator.Engine.Artifacts;
using Orchestrator.Engine.Store;
using Orchestrator.Protocol;
using Orchestrator.Reconciling;

namespace Orchestrator.Engine.Hosts;

/// <summary>Answers grant requests of one attempt: writes only for the attempt the job counts on or is winding down.</summary>
public sealed class GrantDesk(JobStore jobs, JobStores stores, TimeProvider time)
{
    public async Task<GrantAnswer> AnswerAsync(ChannelLease lease, GrantRequest request, CancellationToken cancellation)
    {
        var snapshot = await jobs.LoadAsync(lease.Job, cancellation);
        var state = snapshot.State;
        var attempt = state.Attempts.FirstOrDefault(one => one.Number == lease.Attempt);
        IObjectStore store;
        try
        {
            store = stores.Of(snapshot);
        }
        catch (StoreException gone)
        {
            // A pause for the agent: it asks again, and one day the store is configured again.
            return new(request.Id, [.. (request.Wanted.IsDefault ? [] : request.Wanted).Select(one => new Grant { Key = one?.Key ?? "", Refused = gone.Message })]);
        }

        return await new GrantService(store, time).AnswerAsync(
            request,
            new GrantScope
            {
                JobPrefixes = JobFolders.All(state),
                AttemptPrefix = JobFolders.OfAttempt(state, lease.Attempt),
                // An attempt that was given up (lost) may still be writing somewhere: its successor's restore has been chosen.
                MayWrite = attempt is { Phase: < Attempts.AttemptPhase.Terminating } && state.Attempts[^1].Number == lease.Attempt,
                Readable = stores.SpecOf(state, snapshot.SpecJson).SourceKeys(),
            },
            cancellation);
    }
}
