using System.Collections.Immutable;
using Npgsql;
using Orchestrator.Batches;
using Orchestrator.Jobs;

namespace Orchestrator.Engine.Store;

/// <summary>How batches and their jobs lie in the tables.</summary>
public sealed partial class BatchStore
{
    private const string Rules = "select id, name, max_parallel as maxparallel, canary, fail_fast as failfast, budget_micros as budget, owner, submitted_at as submittedat, ended_at as endedat from orchestrator.batches";

    private const string OfId = "@batch";
    private const string OfJob = "(select batch_id from orchestrator.jobs where id = @job)";
    private const string OfName = "(select max(id) from orchestrator.batches where name = @name)";

    /// <summary>What the attempts of job <c>j</c> have cost by our own meter (of a live one what its price makes of its time), and what their providers have charged beyond that. The store's bill is another one than the provider's, and of an instance that had several owners each has its part of the bill.</summary>
    private static string Costs =>
        $"""
        select count(*) > 0 as began, bool_or(t.ended_at is null) as live, bool_or(t.phase = 'Passing') as passing, bool_or(t.started_at is not null) as trained, sum(t.cost) as cost, sum(greatest(t.billed - t.cost, 0)) as unmetered
        from (
            select s.ended_at, s.started_at, s.phase,
                case when s.ended_at is null and s.launch_sent_at is not null
                    then greatest(s.cost_micros, (s.price_micros * extract(epoch from clock_timestamp() - s.launch_sent_at) / 3600)::bigint) else s.cost_micros end as cost,
                (select sum({LedgerStore.Charged("s.passed", "i", "null::bigint")} + coalesce(m.egress_micros, 0))
                    from orchestrator.instances i join orchestrator.charged c on c.provider = i.provider and c.instance_id = i.instance_id
                    left join orchestrator.metered m on m.job_id = i.job_id and m.attempt = i.attempt and m.instance_id = i.instance_id
                    where i.job_id = s.job_id and i.attempt = s.attempt) as billed
            from orchestrator.attempts s where s.job_id = j.id) t
        """;

    /// <summary>The members of the batch that one of the constants above names. Whether one has shown that it works is asked only where there are canaries, and of who has trained: it is the dear part.</summary>
    private static string MembersOf(string which) =>
        $$"""
        select j.id as job, j.batch_number as number, j.priority, j.phase, j.batch_wait as waits, coalesce(a.began, false) as began, coalesce(a.live, false) as live,
            coalesce(a.cost, 0)::bigint as cost, coalesce(a.unmetered, 0)::bigint as unmetered, coalesce(j.budget_micros, 0) as budget,
            case when a.trained and (select canary from orchestrator.batches b where b.id = j.batch_id) > 0 then
                (not coalesce((j.state #>> '{terms,hasCheckpoints}')::boolean, false)
                    or exists (select 1 from orchestrator.checkpoints c where c.job_id = j.id and c.attempt > 0 and c.status in ('verified', 'retired', 'deleted')))
                and ((j.state #>> '{terms,stall}') is null or exists (select 1 from orchestrator.channels c where c.job_id = j.id and c.progress_at is not null))
                else false end as proven,
            -- Once for all of them: asked of each, it would be a look at every job for every job.
            j.id in (select r.retry_of from orchestrator.jobs r where r.batch_id = {{which}} and r.retry_of is not null) as retried,
            -- Its host is kept: it has an attempt that has not ended.
            case when a.live then coalesce(j.state #>> '{verdict,phase}' = 'Failed', false) else false end as failed,
            -- While the checkpoint that it begins from is copied it takes no host.
            case when j.start_job is null then j.host_key end as hostkey, coalesce(a.passing, false) as passing
        from orchestrator.jobs j left join lateral ({{Costs}}) a on true
        where j.batch_id = {{which}}
        order by j.batch_number
        """;

    private static async Task<BatchRecord> ReadAsync(NpgsqlTransaction transaction, long batch, CancellationToken cancellation) =>
        (await ReadAsync(transaction.Connection!, transaction, OfId, new { batch }, cancellation))!;

    /// <summary>The one way in which a batch and its members are read; null = there is none.</summary>
    private static async Task<BatchRecord?> ReadAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, string which, object arguments, CancellationToken cancellation)
    {
        await using var answers = await connection.SeveralAsync($"{Rules} where id = {which}; {MembersOf(which)}", arguments, transaction, cancellation);
        var rules = await answers.ReadFirstOrDefaultAsync<RulesRow>();
        var members = await answers.ReadAsync<MemberRow>();
        return rules is null ? null : new BatchRecord
        {
            Id = rules.Id,
            Rules = rules.ToRules(),
            Owner = rules.Owner,
            SubmittedAt = rules.SubmittedAt,
            EndedAt = rules.EndedAt,
            Members = [.. members.Select(member => member.ToMember())],
        };
    }

    private sealed record BudgetRow
    {
        public string Name { get; init; } = "";

        public long Budget { get; init; }

        public long Beside { get; init; }
    }

    private sealed record RulesRow
    {
        public long Id { get; init; }

        public string Name { get; init; } = "";

        public int? MaxParallel { get; init; }

        public int Canary { get; init; }

        public bool FailFast { get; init; }

        public long? Budget { get; init; }

        public string Owner { get; init; } = "";

        public DateTimeOffset SubmittedAt { get; init; }

        public DateTimeOffset? EndedAt { get; init; }

        public BatchRules ToRules() => new() { Name = Name, MaxParallel = MaxParallel, Canary = Canary, FailFast = FailFast, Budget = Budget is { } micros ? new Money(micros) : null };
    }

    private sealed record MemberRow
    {
        public long Job { get; init; }

        public int Number { get; init; }

        public int Priority { get; init; }

        public string Phase { get; init; } = "";

        public bool Waits { get; init; }

        public bool Began { get; init; }

        public bool Live { get; init; }

        public bool Proven { get; init; }

        public bool Retried { get; init; }

        public bool Failed { get; init; }

        /// <summary>Of a live attempt what its price makes of its time.</summary>
        public long Cost { get; init; }

        public long Unmetered { get; init; }

        public long Budget { get; init; }

        public string? HostKey { get; init; }

        public bool Passing { get; init; }

        public BatchMember ToMember() => new()
        {
            Job = new JobId(Job),
            Number = Number,
            Priority = Priority,
            Phase = Enum.Parse<JobPhase>(Phase),
            Waits = Waits,
            Began = Began,
            Live = Live,
            Proven = Proven,
            Retried = Retried,
            HasFailed = Failed,
            Holds = new Money((Live ? Math.Max(Budget, Cost) : Cost) + Unmetered),
            Unmetered = new Money(Unmetered),
            Spent = new Money(Cost),
            HostKey = HostKey,
            IsPassing = Passing,
        };
    }
}
