using Npgsql;

namespace Orchestrator.Engine.Store;

/// <summary>
/// Attempts of sensitive jobs that had brought something to a host and did not see all of it wiped. On a machine without a container the
/// home and /tmp belong to its user, so the agent leaves them alone, whatever the job has put there.
/// </summary>
public sealed class UnwipedHosts(NpgsqlDataSource source)
{
    public async Task<IReadOnlyList<UnwipedHost>> EndedWithinAsync(TimeSpan age, CancellationToken cancellation) =>
        await source.ListAsync<UnwipedHost>(
            """
            select j.id as job, j.name, a.attempt, coalesce(a.offer ->> 'host', a.provider) as host, a.why, a.wiped is true as partly
            from orchestrator.attempts a join orchestrator.jobs j on j.id = a.job_id
            where a.ended_at > now() - make_interval(secs => @seconds) and j.spec #>> '{spec,sensitive}' = 'true'
              and (a.wiped is distinct from true or (a.provider = 'ssh' and j.spec #>> '{spec,image}' is null))
              and exists (select 1 from orchestrator.job_events e
                          where e.job_id = a.job_id and e.kind = 'phase-entered.1' and (e.body ->> 'attempt')::int = a.attempt and e.body ->> 'phase' = 'Staging')
            order by j.id, a.attempt
            """,
            new { seconds = age.TotalSeconds },
            cancellation);
}
