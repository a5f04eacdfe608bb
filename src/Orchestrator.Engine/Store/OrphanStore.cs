using System.Collections.Immutable;
using Npgsql;
using Orchestrator.Providers;

namespace Orchestrator.Engine.Store;

/// <summary>
/// Instances with our label that no live attempt owned when they were first seen: the sweep's memory between two sightings, and what those that
/// were orphans indeed have cost, which no job's books say.
/// </summary>
public sealed class OrphanStore(NpgsqlDataSource source)
{
    /// <returns>When it was first seen, in the start times of listings.</returns>
    public async Task<DateTimeOffset> SeenAsync(string provider, string instanceId, string label, DateTimeOffset askedAt, CancellationToken cancellation) =>
        await source.FirstAsync<DateTimeOffset>(
            """
            insert into orchestrator.orphans (provider, instance_id, label, first_seen) values (@provider, @instanceId, @label, @askedAt)
            on conflict (provider, instance_id) do update set label = excluded.label
            returning first_seen
            """,
            new { provider, instanceId = Sql.Clean(instanceId), label = Sql.Clean(label), askedAt },
            cancellation);

    /// <summary>Instances with our label that no live attempt owned when the providers were last listed.</summary>
    public async Task<int> CountAsync(CancellationToken cancellation) =>
        (int)await source.FirstAsync<long>("select count(*) from orchestrator.orphans", new { }, cancellation);

    /// <summary>It is an orphan: two lists have shown it. It costs from the first on, at the highest price that any list tells.</summary>
    public Task JudgedAsync(string provider, ListedInstance instance, DateTimeOffset firstSeen, DateTimeOffset askedAt, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(instance);
        return source.ExecuteAsync(
            """
            insert into orchestrator.orphan_costs as c (provider, instance_id, label, first_seen, last_seen, per_hour_micros) values (@provider, @id, @label, @firstSeen, @askedAt, @price)
            on conflict (provider, instance_id) do update set last_seen = greatest(c.last_seen, excluded.last_seen), per_hour_micros = greatest(c.per_hour_micros, excluded.per_hour_micros), ended_at = null
            """,
            new { provider, id = Sql.Clean(instance.InstanceId), label = Sql.Clean(instance.Label), firstSeen, askedAt, price = instance.PerHour?.MicroDollars },
            cancellation);
    }

    /// <summary>A list that speaks for the whole account: orphans that it lacks have ended, and what an attempt owns after all stands on that one's books.</summary>
    public Task ComparedAsync(string provider, IReadOnlyCollection<string> listed, IReadOnlyCollection<string> orphaned, DateTimeOffset askedAt, CancellationToken cancellation) =>
        source.ExecuteAsync(
            """
            delete from orchestrator.orphan_costs where provider = @provider and instance_id = any(@listed) and not instance_id = any(@orphaned);
            update orchestrator.orphan_costs set ended_at = @askedAt where provider = @provider and ended_at is null and not instance_id = any(@listed) and last_seen < @askedAt
            """,
            new { provider, listed = listed.Select(id => Sql.Clean(id)).ToArray(), orphaned = orphaned.Select(id => Sql.Clean(id)).ToArray(), askedAt },
            cancellation);

    /// <summary>Orphans that were there at that instant or after it, oldest first; null = all. What is on a person's own machines costs no money.</summary>
    public async Task<ImmutableArray<OrphanCost>> CostsAsync(DateTimeOffset? since, CancellationToken cancellation) =>
    [
        .. (await source.ListAsync<CostRow>(
            """
            select provider, instance_id as instance, label, first_seen as firstseen, ended_at as endedat, per_hour_micros as perhour from orchestrator.orphan_costs
            where (@since::timestamptz is null or ended_at is null or ended_at >= @since) and provider not in ('local', 'ssh') order by first_seen, instance_id
            """,
            new { since },
            cancellation)).Select(row => new OrphanCost(row.Provider, row.Instance, row.Label, row.FirstSeen, row.EndedAt, row.PerHour is { } price ? new Money(price) : null)),
    ];

    /// <summary>Forgets those of a provider that are not suspected any more.</summary>
    /// <returns>Their labels.</returns>
    public async Task<IReadOnlyList<string>> KeepOnlyAsync(string provider, IReadOnlyCollection<string> instanceIds, CancellationToken cancellation) =>
        await source.ListAsync<string>(
            "delete from orchestrator.orphans where provider = @provider and not (instance_id = any(@kept)) returning label",
            new { provider, kept = instanceIds.Select(id => Sql.Clean(id)).ToArray() },
            cancellation);

    private sealed record CostRow
    {
        public string Provider { get; init; } = "";

        public string Instance { get; init; } = "";

        public string Label { get; init; } = "";

        public DateTimeOffset FirstSeen { get; init; }

        public DateTimeOffset? EndedAt { get; init; }

        public long? PerHour { get; init; }
    }
}
