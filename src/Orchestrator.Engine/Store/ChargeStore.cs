using Npgsql;
using Orchestrator.Providers.Renting;
using Orchestrator.Spending;

namespace Orchestrator.Engine.Store;

/// <summary>
/// What providers say our instances have cost, beside our own figures. Charges come hours late: an instance is asked for again and again,
/// at distances that grow with the time since it is gone, until its figure has not changed for a while. After days what is there is taken
/// for all that will come.
/// </summary>
public sealed class ChargeStore(NpgsqlDataSource source)
{
    /// <summary>Nobody publishes by the minute: what lives is asked for in this rhythm.</summary>
    private const string LiveEvery = "interval '1 hour'";

    /// <summary>What an account should be asked for now, in one call; empty = nothing, or it was asked a moment ago.</summary>
    /// <param name="provider">The account.</param>
    /// <param name="every">Between two calls, whatever they are for.</param>
    /// <param name="cancellation">Ends the query.</param>
    public async Task<IReadOnlyList<AwaitedCharge>> TakeDueAsync(string provider, TimeSpan every, CancellationToken cancellation)
    {
        var due = await source.FirstAsync<bool>(
            $"""
            select exists (
                select from orchestrator.metered m left join orchestrator.charged c on c.provider = m.provider and c.instance_id = m.instance_id
                where m.provider = @provider and c.settled_at is null and not m.passed
                  and (c.asked_at is null or c.asked_at <= now() - greatest(make_interval(secs => @every), least((now() - m.gone_at) / 12, interval '6 hours')))
                union all
                select from orchestrator.instances i left join orchestrator.charged c on c.provider = i.provider and c.instance_id = i.instance_id
                where i.provider = @provider and i.destroyed_at is null and coalesce(c.asked_at, i.found_at) <= now() - {LiveEvery})
            """,
            new { provider, every = every.TotalSeconds },
            cancellation);
        if (!due || await source.FirstAsync<bool?>(
            """
            insert into orchestrator.charge_looks as l (provider, asked_at) values (@provider, now())
            on conflict (provider) do update set asked_at = excluded.asked_at where l.asked_at <= now() - make_interval(secs => @every)
            returning true
            """,
            new { provider, every = every.TotalSeconds },
            cancellation) is null)
        {
            return [];
        }

        // One answer is for all that is open, whoever made it due.
        return await source.ListAsync<AwaitedCharge>(
            """
            select m.instance_id as instanceid, min(m.created_at) as createdat
            from orchestrator.metered m left join orchestrator.charged c on c.provider = m.provider and c.instance_id = m.instance_id
            where m.provider = @provider and c.settled_at is null
            group by m.instance_id
            union
            select i.instance_id, least(min(coalesce(a.launch_sent_at, i.found_at)),
                (select min(p.launch_sent_at) from orchestrator.attempts p where p.passed and p.provider = @provider and p.instance_id = i.instance_id))
            from orchestrator.instances i join orchestrator.attempts a on a.job_id = i.job_id and a.attempt = i.attempt
            where i.provider = @provider and i.destroyed_at is null
              and not exists (select from orchestrator.metered m where m.provider = i.provider and m.instance_id = i.instance_id)
            group by i.instance_id
            """,
            new { provider },
            cancellation);
    }

    /// <summary>What was published of one by now; null = nothing yet.</summary>
    public async Task WriteAsync(string provider, string instanceId, InstanceCharge? sum, CancellationToken cancellation) =>
        await source.ExecuteAsync(
            """
            insert into orchestrator.charged as c (provider, instance_id, total_micros, compute_micros, disk_micros, moves_micros, asked_at, changed_at)
            values (@provider, @instanceId, @total, @compute, @disk, @moves, now(), now())
            on conflict (provider, instance_id) do update set
                total_micros = excluded.total_micros, compute_micros = excluded.compute_micros, disk_micros = excluded.disk_micros, moves_micros = excluded.moves_micros,
                asked_at = excluded.asked_at, changed_at = case when c.total_micros is distinct from excluded.total_micros then excluded.changed_at else c.changed_at end
            where c.settled_at is null
            """,
            new
            {
                provider,
                instanceId,
                total = sum?.Total.MicroDollars,
                compute = (sum?.Compute ?? Money.Zero).MicroDollars,
                disk = (sum?.Disk ?? Money.Zero).MicroDollars,
                moves = ((sum?.Down ?? Money.Zero) + (sum?.Up ?? Money.Zero)).MicroDollars,
            },
            cancellation);

    /// <summary>
    /// Settles what was asked for after it had been gone for <paramref name="still"/>, if it is published and has not changed for as long,
    /// and whatever has been gone for <paramref name="longest"/>.
    /// </summary>
    public async Task SettleAsync(string provider, TimeSpan still, TimeSpan longest, CancellationToken cancellation) =>
        await source.ExecuteAsync(
            """
            update orchestrator.charged c set settled_at = now()
            from orchestrator.metered m
            where c.provider = @provider and c.settled_at is null and m.provider = c.provider and m.instance_id = c.instance_id and not m.passed and c.asked_at > m.gone_at
              and (c.asked_at - m.gone_at >= make_interval(secs => @longest)
                   or (c.total_micros is not null and c.asked_at - greatest(m.gone_at, c.changed_at) >= make_interval(secs => @still)))
            """,
            new { provider, still = still.TotalSeconds, longest = longest.TotalSeconds },
            cancellation);
}
