using Npgsql;

namespace Orchestrator.Engine.Store;

/// <summary>
/// Rented instances whose end is owed and not confirmed, of jobs and of nobody. They stay on the books, and are destroyed again and again,
/// until their provider says that they are gone.
/// </summary>
public sealed class LeakStore(NpgsqlDataSource source)
{
    /// <summary>What is on a person's own machines costs no money, and has its own alert.</summary>
    public async Task<IReadOnlyList<Leak>> ListAsync(TimeSpan owedFor, CancellationToken cancellation) =>
        await source.ListAsync<Leak>(
            """
            select provider, instanceid, label, who, extract(epoch from clock_timestamp() - since)::double precision as seconds from (
                select a.provider, a.instance_id as instanceid, a.label, j.name || '#' || j.id as who, a.phase_since as since
                from orchestrator.attempts a join orchestrator.jobs j on j.id = a.job_id
                where a.ended_at is null and a.phase = 'Terminating' and a.instance_id is not null
                union all
                select i.provider, i.instance_id, i.label, j.name || '#' || j.id, i.found_at
                from orchestrator.instances i join orchestrator.jobs j on j.id = i.job_id
                where i.extra and i.destroyed_at is null
                union all
                select o.provider, o.instance_id, o.label, null, o.first_seen from orchestrator.orphans o) as owed
            where since < clock_timestamp() - make_interval(secs => @seconds) and provider not in ('local', 'ssh')
            order by since, instanceid
            """,
            new { seconds = owedFor.TotalSeconds },
            cancellation);
}
