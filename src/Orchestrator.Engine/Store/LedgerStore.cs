using System.Collections.Immutable;
using Npgsql;
using Orchestrator.Attempts;
using Orchestrator.Jobs;
using Orchestrator.Spending;

namespace Orchestrator.Engine.Store;

/// <summary>What each instance has cost: frozen once it is gone, figured anew until then.</summary>
public sealed class LedgerStore(NpgsqlDataSource source)
{
    /// <summary>
    /// An instance's bill is one, whoever owned it: those before had what our meter says, the newest one has the rest, once that of all of them is frozen.
    /// </summary>
    internal static string Charged(string passed, string row, string own) =>
        $"""
        case when {passed} then case when c.total_micros is not null then {own} end
            when exists (
                select from orchestrator.attempts p where p.passed and p.provider = {row}.provider and p.instance_id = {row}.instance_id
                  and not exists (select from orchestrator.metered o where o.passed and o.job_id = p.job_id and o.attempt = p.attempt)) then null
            else c.total_micros - coalesce((
                select sum(o.compute_micros + o.disk_micros + o.moves_micros) from orchestrator.metered o
                where o.passed and o.provider = {row}.provider and o.instance_id = {row}.instance_id), 0)::bigint end
        """;

    /// <summary>Instances without a frozen figure, oldest first.</summary>
    /// <param name="gone">Only those that are confirmed gone.</param>
    /// <param name="job">Null = of all jobs.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="cancellation">Ends the query.</param>
    public async Task<ImmutableArray<OpenInstance>> OpenAsync(bool gone, JobId? job, int limit, CancellationToken cancellation)
    {
        var rows = await source.ListAsync<OpenRow>(
            $"""
            select i.job_id as job, i.attempt, i.instance_id as instance, i.extra, case when i.extra then i.destroyed_at end as goneat, {Charged("a.passed", "i", "null::bigint")} as charged,
                coalesce((select min(b.billed_from) from orchestrator.instances b where b.provider = i.provider and b.instance_id = i.instance_id), (select min(e.at) from orchestrator.job_events e
                 join orchestrator.instances f on f.provider = i.provider and f.instance_id = i.instance_id and e.job_id = f.job_id and (e.body ->> 'attempt')::int = f.attempt
                 where e.kind = 'phase-entered.1' and e.body ->> 'phase' = 'Connecting')) as runningat,
                (select max(k.reported_at) from orchestrator.checkpoints k
                 where k.job_id = i.job_id and k.attempt = i.attempt and k.status in ('verified', 'retired', 'deleted')) as savedat,
                i.provider
            from orchestrator.instances i
            join orchestrator.attempts a on a.job_id = i.job_id and a.attempt = i.attempt
            left join orchestrator.charged c on c.provider = i.provider and c.instance_id = i.instance_id
            where (@job::bigint is null or i.job_id = @job)
              and (not @gone or a.ended_at is not null or (i.extra and i.destroyed_at is not null))
              and not exists (select from orchestrator.metered m where m.job_id = i.job_id and m.attempt = i.attempt and m.instance_id = i.instance_id)
            order by i.job_id, i.attempt, i.instance_id
            limit @limit
            """,
            new { gone, job = job?.Value, limit },
            cancellation);
        var spared = await SparedStore.OfAsync(source, [.. rows.Select(row => row.Instance)], cancellation);
        var jobs = (await source.ListAsync<JobRow>(
            "select id, name, state::text as state, (state #>> '{terms,maxTotal}')::bigint as budget from orchestrator.jobs where id = any(@ids)",
            new { ids = rows.Select(row => row.Job).Distinct().ToArray() },
            cancellation)).ToDictionary(row => row.Id);
        var open = ImmutableArray.CreateBuilder<OpenInstance>();
        foreach (var of in rows.Where(row => jobs.ContainsKey(row.Job)).GroupBy(row => row.Job))
        {
            var stored = jobs[of.Key];
            var attempts = StoredJson.State(stored.State).Attempts.ToDictionary(attempt => attempt.Number);
            open.AddRange(of.Where(row => attempts.ContainsKey(row.Attempt)).Select(row => new OpenInstance(
                new JobId(row.Job), stored.Name, Dollars(stored.Budget), attempts[row.Attempt],
                new InstanceSeen { InstanceId = row.Instance, Extra = row.Extra, GoneAt = row.GoneAt, RunningAt = row.RunningAt, SavedAt = row.SavedAt, Spared = [.. spared[(row.Provider, row.Instance)]] }, Dollars(row.Charged))));
        }

        return open.ToImmutable();
    }

    /// <summary>Writes down what one that is gone has cost, unless that was done.</summary>
    /// <returns>False where it was.</returns>
    public async Task<bool> FreezeAsync(JobId job, Attempt attempt, InstanceSeen seen, InstanceCost cost, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(attempt);
        ArgumentNullException.ThrowIfNull(seen);
        ArgumentNullException.ThrowIfNull(cost);
        return await source.ExecuteAsync(
            """
            insert into orchestrator.metered (job_id, attempt, instance_id, extra, provider, host, created_at, running_at, gone_at,
                compute_micros, disk_micros, moves_micros, egress_micros, lost_micros, never_booted, on_demand_micros, passed)
            values (@job, @Number, @InstanceId, @Extra, @Provider, @Host, @CreatedAt, @RunningAt, @GoneAt, @compute, @disk, @moves, @egress, @lost, @NeverBooted, @onDemand, @passed)
            on conflict do nothing
            """,
            new
            {
                job = job.Value,
                attempt.Number,
                seen.InstanceId,
                seen.Extra,
                attempt.Offer.Provider,
                attempt.Offer.Host,
                cost.Life.CreatedAt,
                cost.Life.RunningAt,
                cost.Life.GoneAt,
                compute = cost.Metered.Compute.MicroDollars,
                disk = cost.Metered.Disk.MicroDollars,
                moves = cost.Metered.Moves.MicroDollars,
                egress = cost.Metered.Egress.MicroDollars,
                lost = cost.LostWork.MicroDollars,
                cost.NeverBooted,
                onDemand = cost.OnDemand?.MicroDollars,
                passed = attempt.PassedTo is not null && !seen.Extra,
            },
            cancellation) > 0;
    }

    /// <summary>Those that are frozen and were there at that instant or after it; oldest job first.</summary>
    public async Task<ImmutableArray<MeteredInstance>> FrozenAsync(DateTimeOffset? since, JobId? job, CancellationToken cancellation) =>
    [
        .. (await source.ListAsync<FrozenRow>(
            $$"""
            select m.job_id as job, coalesce(j.name, '') as name, (j.state #>> '{terms,maxTotal}')::bigint as budget, m.attempt, m.instance_id as instance, m.extra, m.provider, m.host,
                m.created_at as createdat, m.running_at as runningat, m.gone_at as goneat,
                m.compute_micros as compute, m.disk_micros as disk, m.moves_micros as moves, m.egress_micros as egress, m.lost_micros as lost, m.never_booted as neverbooted, m.on_demand_micros as ondemand,
                {{Charged("m.passed", "m", "m.compute_micros + m.disk_micros + m.moves_micros")}} as charged, c.settled_at is not null as settled
            from orchestrator.metered m
            left join orchestrator.jobs j on j.id = m.job_id
            left join orchestrator.charged c on c.provider = m.provider and c.instance_id = m.instance_id
            where (@since::timestamptz is null or m.gone_at >= @since) and (@job::bigint is null or m.job_id = @job)
            order by m.job_id, m.attempt, m.extra, m.instance_id
            """,
            new { since, job = job?.Value },
            cancellation)).Select(Read),
    ];

    private static MeteredInstance Read(FrozenRow row) => new()
    {
        Job = new JobId(row.Job),
        JobName = row.Name,
        Budget = Dollars(row.Budget),
        Attempt = row.Attempt,
        InstanceId = row.Instance,
        Extra = row.Extra,
        Provider = row.Provider,
        Host = row.Host,
        Cost = new(
            new(row.CreatedAt, row.RunningAt, row.GoneAt), new(new(row.Compute), new(row.Disk), new(row.Moves), new(row.Egress)), new(row.Lost), row.NeverBooted) { OnDemand = Dollars(row.OnDemand) },
        Frozen = true,
        Charged = Dollars(row.Charged),
        Settled = row.Settled,
    };

    private static Money? Dollars(long? micros) => micros is { } known ? new Money(known) : null;

    private sealed record OpenRow
    {
        public long Job { get; init; }

        public int Attempt { get; init; }

        public string Provider { get; init; } = "";

        public string Instance { get; init; } = "";

        public bool Extra { get; init; }

        public DateTimeOffset? GoneAt { get; init; }

        public DateTimeOffset? RunningAt { get; init; }

        public DateTimeOffset? SavedAt { get; init; }

        public long? Charged { get; init; }
    }

    private sealed record JobRow
    {
        public long Id { get; init; }

        public string Name { get; init; } = "";

        public string State { get; init; } = "";

        public long? Budget { get; init; }
    }

    private sealed record FrozenRow
    {
        public long Job { get; init; }

        public string Name { get; init; } = "";

        public long? Budget { get; init; }

        public int Attempt { get; init; }

        public string Instance { get; init; } = "";

        public bool Extra { get; init; }

        public string Provider { get; init; } = "";

        public string? Host { get; init; }

        public DateTimeOffset CreatedAt { get; init; }

        public DateTimeOffset? RunningAt { get; init; }

        public DateTimeOffset GoneAt { get; init; }

        public long Compute { get; init; }

        public long Disk { get; init; }

        public long Moves { get; init; }

        public long Egress { get; init; }

        public long Lost { get; init; }

        public bool NeverBooted { get; init; }

        public long? OnDemand { get; init; }

        public long? Charged { get; init; }

        public bool Settled { get; init; }
    }
}
