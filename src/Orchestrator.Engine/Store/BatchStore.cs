using System.Collections.Immutable;
using Npgsql;
using Orchestrator.Batches;
using Orchestrator.Jobs;
using Orchestrator.Reconciling;

namespace Orchestrator.Engine.Store;

/// <summary>Batches and whose turn it is in them, by the books.</summary>
public sealed class BatchStore(NpgsqlDataSource source)
{
    /// <summary>As many are woken when one ends: a slot or two have become free, and those that do not get them are still first in line.</summary>
    private const int WokenAtOnce = 20;

    private const string Rules = "select id, name, max_parallel as maxparallel, canary, fail_fast as failfast, budget_micros as budget, owner, submitted_at as submittedat, ended_at as endedat from orchestrator.batches";

    private const string Members =
        """
        select j.id as job, j.batch_number as number, j.priority, j.phase, j.batch_wait as waits, coalesce(a.began, false) as began, coalesce(a.live, false) as live,
            coalesce(a.cost, 0)::bigint as cost, coalesce(j.budget_micros, 0) as budget,
            (not coalesce((j.state #>> '{terms,hasCheckpoints}')::boolean, false)
                or exists (select 1 from orchestrator.checkpoints c where c.job_id = j.id and c.status in ('verified', 'retired', 'deleted')))
            and ((j.state #>> '{terms,stall}') is null or exists (select 1 from orchestrator.channels c where c.job_id = j.id and c.progress_at is not null)) as proven
        from orchestrator.jobs j
        left join lateral (
            select count(*) > 0 as began, bool_or(ended_at is null) as live, sum(cost_micros) as cost from orchestrator.attempts where job_id = j.id) a on true
        where j.batch_id = @id
        order by j.batch_number
        """;

    /// <summary>Stores a batch with all its jobs, or nothing.</summary>
    /// <returns>The jobs in order; empty = a batch of that name has jobs that have not ended.</returns>
    public async Task<ImmutableArray<JobId>> SubmitAsync(NewBatch batch, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(batch);
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var begun = await transaction.FirstAsync<long?>(
            """
            insert into orchestrator.batches (name, owner, max_parallel, canary, fail_fast, budget_micros) values (@Name, @owner, @MaxParallel, @Canary, @FailFast, @budget)
            on conflict (name) where ended_at is null do nothing
            returning id
            """,
            new { batch.Rules.Name, owner = batch.Owner, batch.Rules.MaxParallel, batch.Rules.Canary, batch.Rules.FailFast, budget = batch.Rules.Budget?.MicroDollars },
            cancellation);
        if (begun is null && !batch.Joins)
        {
            return [];
        }

        // Whoever ends its last job meanwhile ends the batch, too: then there is none to join, and a new one begins when it is asked again.
        if ((begun ?? await transaction.FirstAsync<long?>("select id from orchestrator.batches where name = @Name and ended_at is null for update", new { batch.Rules.Name }, cancellation)) is not { } id)
        {
            return [];
        }

        var last = await transaction.FirstAsync<int>("select coalesce(max(batch_number), 0) from orchestrator.jobs where batch_id = @id", new { id }, cancellation);
        var jobs = ImmutableArray.CreateBuilder<JobId>(batch.Jobs.Length);
        foreach (var job in batch.Jobs)
        {
            jobs.Add(await JobInsert.RunAsync(transaction, job, (id, ++last), cancellation));
        }

        await transaction.CommitAsync(cancellation);
        return jobs.MoveToImmutable();
    }

    /// <summary>The newest batch of that name; null = there is none.</summary>
    public async Task<BatchRecord?> FindAsync(string name, CancellationToken cancellation)
    {
        var row = await source.FirstAsync<RulesRow>(Rules + " where name = @name order by id desc limit 1", new { name = Sql.Clean(name) }, cancellation);
        return row is null ? null : new BatchRecord
        {
            Id = row.Id,
            Rules = row.ToRules(),
            Owner = row.Owner,
            SubmittedAt = row.SubmittedAt,
            EndedAt = row.EndedAt,
            Members = [.. (await source.ListAsync<MemberRow>(Members, new { row.Id }, cancellation)).Select(member => member.ToMember())],
        };
    }

    /// <summary>Sets the shared budget, and looks again at who waits for it.</summary>
    public async Task SetBudgetAsync(long batch, Money budget, string by, CancellationToken cancellation)
    {
        await source.ExecuteAsync(
            "update orchestrator.batches set budget_micros = @micros, budget_by = @by, budget_at = clock_timestamp() where id = @batch",
            new { batch, micros = budget.MicroDollars, by = Sql.Clean(by) },
            cancellation);
        await source.ExecuteAsync(
            "update orchestrator.jobs set due_at = least(due_at, clock_timestamp()), nudged = true where batch_id = @batch and ended_at is null", new { batch }, cancellation);
    }

    /// <summary>What the job's batch lets it do now; null = it belongs to none.</summary>
    public async Task<BatchView?> LookAsync(JobId job, CancellationToken cancellation)
    {
        if (await source.FirstAsync<RulesRow>(Rules + " where id = (select batch_id from orchestrator.jobs where id = @id)", new { id = job.Value }, cancellation) is not { } row)
        {
            return null;
        }

        ImmutableArray<BatchMember> members = [.. (await source.ListAsync<MemberRow>(Members, new { row.Id }, cancellation)).Select(member => member.ToMember())];
        var rules = row.ToRules();
        return new BatchView
        {
            Hold = BatchLine.HoldOf(rules, members, job),
            Most = BatchLine.MostOf(rules, members, job),
            Budget = rules.Budget,
            OthersHold = members.Any(member => member.Job != job && member.Live),
            MaxParallel = rules.MaxParallel,
        };
    }

    /// <summary>Jobs of the same batch that should be looked at now.</summary>
    public async Task<IReadOnlyList<JobId>> DueBesideAsync(JobId job, CancellationToken cancellation) =>
    [
        .. (await source.ListAsync<long>(
            """
            select id from orchestrator.jobs
            where batch_id = (select batch_id from orchestrator.jobs where id = @id) and id <> @id and due_at <= clock_timestamp()
              and (lease_until is null or lease_until <= clock_timestamp())
            order by batch_number limit @limit
            """,
            new { id = job.Value, limit = WokenAtOnce },
            cancellation)).Select(id => new JobId(id)),
    ];

    /// <summary>Whether what was decided concerns the others of its batch, or what they may do.</summary>
    public static bool Concerns(JobState state, ImmutableArray<JobEvent> events)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state.Terms.Batch is not null && events.Any(e => e is AttemptPlanned or AttemptEnded or JobEnded or BudgetChanged or CheckpointCommitted);
    }

    /// <summary>Nobody else changes who may begin and what is left of the shared budget before the transaction has ended. Before the job's own row is touched: others take both in that order.</summary>
    internal static async Task<long> LockAsync(NpgsqlTransaction transaction, JobId job, CancellationToken cancellation)
    {
        // A server that freezes in here would keep the whole batch from going on: PostgreSQL ends its transaction.
        await transaction.ExecuteAsync("set local idle_in_transaction_session_timeout = '10s'", null, cancellation);
        return await transaction.FirstAsync<long>(
            "select id from orchestrator.batches where id = (select batch_id from orchestrator.jobs where id = @id) for update", new { id = job.Value }, cancellation);
    }

    /// <summary>Whether what was decided still keeps what the batch promises, under its lock.</summary>
    internal static async Task<bool> AllowsAsync(NpgsqlTransaction transaction, long batch, JobState after, ImmutableArray<JobEvent> events, CancellationToken cancellation)
    {
        var (rules, members) = await ReadAsync(transaction, batch, cancellation);
        var begins = events.Any(e => e is AttemptPlanned);
        return (!begins || BatchLine.MayBegin(rules, members, after.Id))
            && (!(begins || events.Any(e => e is BudgetChanged)) || BatchLine.MayHold(rules, members, after.Id, after.Terms));
    }

    /// <summary>Wakes those whose turn it may be and those that wait for a host (one has become free, perhaps their own machine), cancels those that are not worth going on with, and notes the end of the last one; under its lock.</summary>
    internal static async Task SettleAsync(NpgsqlTransaction transaction, long batch, ImmutableArray<JobEvent> events, CancellationToken cancellation)
    {
        if (!events.Any(e => e is AttemptEnded or JobEnded or CheckpointCommitted))
        {
            return;
        }

        if (events.Any(e => e is JobEnded))
        {
            var (rules, members) = await ReadAsync(transaction, batch, cancellation);
            foreach (var stop in BatchLine.Stops(rules, members))
            {
                await JobStore.AddInboxAsync(transaction, stop.Job, new CancelCommand($"batch {rules.Name}: {stop.Why}"), cancellation);
            }

            if (members.All(member => member.HasEnded))
            {
                await transaction.ExecuteAsync("update orchestrator.batches set ended_at = clock_timestamp() where id = @batch", new { batch }, cancellation);
            }
        }

        await transaction.ExecuteAsync(
            """
            update orchestrator.jobs set due_at = least(due_at, clock_timestamp()), nudged = true
            where id in (
                select j.id from orchestrator.jobs j where j.batch_id = @batch and (j.batch_wait or j.phase = 'Waiting') and j.ended_at is null
                order by exists (select 1 from orchestrator.attempts a where a.job_id = j.id) desc, j.priority desc, j.batch_number limit @limit)
            """,
            new { batch, limit = WokenAtOnce },
            cancellation);
    }

    private static async Task<(BatchRules Rules, ImmutableArray<BatchMember> Members)> ReadAsync(NpgsqlTransaction transaction, long batch, CancellationToken cancellation)
    {
        var rules = (await transaction.FirstAsync<RulesRow>(Rules + " where id = @batch", new { batch }, cancellation))!.ToRules();
        return (rules, [.. (await transaction.ListAsync<MemberRow>(Members, new { id = batch }, cancellation)).Select(member => member.ToMember())]);
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

        /// <summary>Of attempts that have ended; those of a live one are within its budget.</summary>
        public long Cost { get; init; }

        public long Budget { get; init; }

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
            Holds = new Money(Live ? Math.Max(Budget, Cost) : Cost),
        };
    }
}
