using Npgsql;

namespace Orchestrator.Engine.Store;

/// <summary>Instances with our label that no live attempt owned when they were first seen: the sweep's memory between two sightings.</summary>
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

    /// <summary>Forgets those of a provider that are not suspected any more.</summary>
    /// <returns>Their labels.</returns>
    public async Task<IReadOnlyList<string>> KeepOnlyAsync(string provider, IReadOnlyCollection<string> instanceIds, CancellationToken cancellation) =>
        await source.ListAsync<string>(
            "delete from orchestrator.orphans where provider = @provider and not (instance_id = any(@kept)) returning label",
            new { provider, kept = instanceIds.Select(id => Sql.Clean(id)).ToArray() },
            cancellation);
}
