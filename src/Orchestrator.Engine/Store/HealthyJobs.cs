using Npgsql;
using Orchestrator.Jobs;

namespace Orchestrator.Engine.Store;

/// <summary>Shares the watching of active jobs among servers: none is looked at twice within an interval.</summary>
public sealed class HealthyJobs(NpgsqlDataSource source)
{
    /// <summary>Active jobs that nobody has looked at for <paramref name="interval"/> and that no tick works on, longest unseen first.</summary>
    public async Task<IReadOnlyList<JobId>> ClaimForObservationAsync(int limit, TimeSpan interval, CancellationToken cancellation)
    {
        var ids = await source.ListAsync<long>(
            """
            update orchestrator.jobs set observed_at = clock_timestamp()
            where id in (
                select id from orchestrator.jobs
                where phase not in ('Succeeded', 'Failed', 'Cancelled', 'DeadlineMissed') and (lease_until is null or lease_until <= clock_timestamp())
                  and (observed_at is null or observed_at <= clock_timestamp() - make_interval(secs => @seconds))
                order by observed_at nulls first, id limit @limit
                for update skip locked)
            returning id
            """,
            new { limit, seconds = interval.TotalSeconds },
            cancellation);
        return [.. ids.Order().Select(id => new JobId(id))];
    }
}
