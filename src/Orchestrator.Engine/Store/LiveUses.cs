using Npgsql;

namespace Orchestrator.Engine.Store;

/// <summary>What jobs that have not ended, and attempts that are not gone, need of the configuration.</summary>
public sealed class LiveUses(NpgsqlDataSource source)
{
    /// <param name="job">Null = of every job.</param>
    /// <param name="cancellation">Ends the query.</param>
    public async Task<IReadOnlyList<LiveUse>> ListAsync(long? job, CancellationToken cancellation) =>
        await source.ListAsync<LiveUse>(
            """
            with live as (
                select id, name, spec from orchestrator.jobs where ended_at is null and (@job::bigint is null or id = @job))
            select j.id as job, j.name, a.provider, a.offer ->> 'host' as host, coalesce(a.listed_as, a.label) as label, null as place,
                case a.phase when 'Terminating' then a.phase_since < now() - interval '1 hour' when 'Launching' then a.launch_sent_at < now() - interval '1 hour' else false end as IsOverdue
            from orchestrator.attempts a join orchestrator.jobs j on j.id = a.job_id
            where a.ended_at is null and a.launch_sent_at is not null and (@job::bigint is null or j.id = @job)
            union all
            select id, name, null, null, null, spec ->> 'store', false from live where spec ->> 'store' is not null
            union all
            select id, name, null, null, null, place.value, false from live, lateral json_each_text(spec -> 'origins') place
            union all
            select id, name, null, null, null, place.value, false from live, lateral json_each_text(spec -> 'deliveries') place
            order by 1, 4, 6
            """,
            new { job },
            cancellation);
}
