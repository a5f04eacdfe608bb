using System.Collections.Immutable;
using Npgsql;
using Orchestrator.Engine.Specs;
using Orchestrator.Jobs;
using Orchestrator.Offers;
using Orchestrator.Reconciling;

namespace Orchestrator.Engine.Store;

/// <summary>
/// Hosts that pass from one job of a batch to the next, by the books. Under the batch's row lock an heir's tick appends the giver's half with its own; the giver's
/// tick, wherever it is by then, finds that its job has gone on, and appends nothing.
/// </summary>
internal static class HandingStore
{
    /// <summary>What a job may take over: from those of the givers that have a wiped host to give.</summary>
    internal static async Task<ImmutableArray<Offer>> OffersAsync(NpgsqlDataSource source, IReadOnlyCollection<JobId> givers, CancellationToken cancellation)
    {
        var rows = await source.ListAsync<GiverRow>(
            "select state::text as state, spec::text as spec from orchestrator.jobs where id = any(@ids) order by id", new { ids = givers.Select(giver => giver.Value).ToArray() }, cancellation);
        return [.. rows.Select(row => Handing.OfferOf(StoredJson.State(row.State), HostKey.FetchBytes(StoredSpec.Parse(row.Spec)))).OfType<Offer>()];
    }

    /// <summary>Appends the giver's half.</summary>
    /// <returns>False = it has nothing to give any more.</returns>
    internal static async Task<bool> PassAsync(NpgsqlTransaction transaction, JobId heir, HostTaken taken, CancellationToken cancellation)
    {
        var giver = taken.Host.Job;
        if (await transaction.FirstAsync<string>("select state::text from orchestrator.jobs where id = @id for update", new { id = giver.Value }, cancellation) is not { } stored)
        {
            return false;
        }

        var before = StoredJson.State(stored);
        var events = Handing.Pass(before, heir, taken);
        if (events.IsEmpty)
        {
            return false;
        }

        var after = events.Aggregate(before, Kernel.Apply);
        // A tick of the giver that runs now is looked at again when it is over, and cannot append: the number has moved on.
        await transaction.ExecuteAsync(
            """
            update orchestrator.jobs set seq = @seq, state = @state::json, phase = @phase, reason = @reason, phase_since = @since,
                due_at = least(due_at, clock_timestamp()), nudged = true
            where id = @id
            """,
            new { id = giver.Value, seq = after.Seq, state = StoredJson.Write(after), phase = after.Phase.ToString(), reason = Sql.Clean(after.PhaseReason), since = after.PhaseSince },
            cancellation);
        await Projections.WriteEventsAsync(transaction, giver, before.Seq, events, cancellation);
        await Projections.WriteAsync(transaction, before, after, events, cancellation);
        return true;
    }

    private sealed record GiverRow
    {
        public string State { get; init; } = "";

        public string Spec { get; init; } = "";
    }
}
