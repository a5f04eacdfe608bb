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
    [
        .. (await source.ListAsync<LeakRow>(
            """
            select provider, instanceid, label, who, extract(epoch from clock_timestamp() - since)::double precision as seconds, offer, perhour from (
                select a.provider, a.instance_id as instanceid, coalesce(a.listed_as, a.label) as label, j.name || '#' || j.id as who, a.phase_since as since, a.offer::text as offer, null::bigint as perhour
                from orchestrator.attempts a join orchestrator.jobs j on j.id = a.job_id
                where a.ended_at is null and a.phase = 'Terminating' and a.instance_id is not null
                union all
                select i.provider, i.instance_id, i.label, j.name || '#' || j.id, i.found_at, a.offer::text, null
                from orchestrator.instances i join orchestrator.jobs j on j.id = i.job_id join orchestrator.attempts a on a.job_id = i.job_id and a.attempt = i.attempt
                where i.extra and i.destroyed_at is null
                union all
                select o.provider, o.instance_id, o.label, null, o.first_seen, null, c.per_hour_micros
                from orchestrator.orphans o left join orchestrator.orphan_costs c on c.provider = o.provider and c.instance_id = o.instance_id) as owed
            where since < clock_timestamp() - make_interval(secs => @seconds) and provider not in ('local', 'ssh')
            order by since, instanceid
            """,
            new { seconds = owedFor.TotalSeconds },
            cancellation)).Select(row => new Leak
        {
            Provider = row.Provider,
            InstanceId = row.InstanceId,
            Label = row.Label,
            Who = row.Who,
            Seconds = row.Seconds,
            PerHour = row.Offer is { } offer ? StoredJson.Offer(offer).PerHour : row.PerHour is { } price ? new Money(price) : null,
        }),
    ];

    private sealed record LeakRow
    {
        public string Provider { get; init; } = "";

        public string InstanceId { get; init; } = "";

        public string Label { get; init; } = "";

        public string? Who { get; init; }

        public double Seconds { get; init; }

        public string? Offer { get; init; }

        public long? PerHour { get; init; }
    }
}
