using System.Collections.Immutable;
using Npgsql;
using Orchestrator.Batches;
using Orchestrator.Jobs;
using Orchestrator.Reconciling;

namespace Orchestrator.Engine.Store;

/// <summary>Batches and whose turn it is in them, by the books.</summary>
public sealed partial class BatchStore(NpgsqlDataSource source)
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
            and ((j.state #>> '{terms,stall}') is null or exists (select 1 from orchestrator.channels c where c.job_id = j.id and c.progress_at is not null))
            and exists (select 1 from orchestrator.attempts s where s.job_id = j.id and s.started_at is not null) as proven
        from orchestrator.jobs j
        left join lateral (
            select count(*) > 0 as began, bool_or(ended_at is null) as live,
                sum(case when ended_at is null and launch_sent_at is not null
                    then greatest(cost_micros, (price_micros * extract(epoch from clock_timestamp() - launch_sent_at) / 3600)::bigint) else cost_micros end) as cost
            from orchestrator.attempts where job_id = j.id) a on true
        where j.batch_id = @id
        order by j.batch_number
        """;

    /// <summary>Stores a batch with all its jobs, or nothing.</summary>
    /// <returns>The jobs in order; or why they were refused.</returns>
    public async Task<(ImmutableArray<JobId> Jobs, string? Refusal)> SubmitAsync(NewBatch batch, CancellationToken cancellation)
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
            return ([], $"batch {batch.Rules.Name} has jobs that have not ended");
        }

        var joined = begun is not null ? null : await transaction.FirstAsync<RulesRow>(Rules + " where name = @Name and ended_at is null for update", new { batch.Rules.Name }, cancellation);
        if ((begun ?? joined?.Id) is not { } id)
        {
            return ([], $"batch {batch.Rules.Name} has just ended");
        }

        // What one job would spend beside the shared budget, or wait for in vain where there is none.
        if (joined is not null && joined.ToRules().Budget is var budget && budget != batch.Rules.Budget)
        {
            return ([], budget is { } shared ? $"batch {batch.Rules.Name} shares a budget of {shared}: write batch: {{name: {batch.Rules.Name}, budget: {shared}}}" : $"the jobs of batch {batch.Rules.Name} share no budget");
        }

        var last = await transaction.FirstAsync<int>("select coalesce(max(batch_number), 0) from orchestrator.jobs where batch_id = @id", new { id }, cancellation);
        var jobs = ImmutableArray.CreateBuilder<JobId>(batch.Jobs.Length);
        foreach (var job in batch.Jobs)
        {
            jobs.Add(await JobInsert.RunAsync(transaction, job, (id, ++last), cancellation));
        }

        await transaction.CommitAsync(cancellation);
        return (jobs.MoveToImmutable(), null);
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
    /// <returns>What its jobs hold already, where that is more: nothing was changed; null = it is set.</returns>
    public async Task<Money?> SetBudgetAsync(long batch, Money budget, string by, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        // What jobs hold does not change under this lock.
        await transaction.ExecuteAsync("select id from orchestrator.batches where id = @batch for update", new { batch }, cancellation);
        var held = (await ReadAsync(transaction, batch, cancellation)).Members.Aggregate(Money.Zero, (sum, member) => sum + member.Holds);
        if (held > budget)
        {
            return held;
        }

        await transaction.ExecuteAsync(
            "update orchestrator.batches set budget_micros = @micros, budget_by = @by, budget_at = clock_timestamp() where id = @batch",
            new { batch, micros = budget.MicroDollars, by = Sql.Clean(by) },
            cancellation);
        await transaction.ExecuteAsync(
            "update orchestrator.jobs set due_at = least(due_at, clock_timestamp()), nudged = true where batch_id = @batch and ended_at is null", new { batch }, cancellation);
        await transaction.CommitAsync(cancellation);
        return null;
    }

    /// <summary>Its jobs that are paused, or are being.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="byPeople">Also those that a person paused.</param>
    /// <param name="cancellation">Ends the query.</param>
    public async Task<IReadOnlyList<JobId>> PausedAsync(long batch, bool byPeople, CancellationToken cancellation) =>
    [
        .. (await source.ListAsync<long>(
            """
            select id from orchestrator.jobs
            where batch_id = @batch and ended_at is null and (phase = 'Paused' or state #>> '{verdict,phase}' = 'Paused')
              and (@byPeople or reason not like 'paused by %' or reason like 'paused by orchestrator, %')
            order by batch_number
            """,
            new { batch, byPeople },
            cancellation)).Select(id => new JobId(id)),
    ];

    /// <summary>Live batches with a shared budget, and what those of their jobs have cost that have ended.</summary>
    public async Task<IReadOnlyList<(string Name, Money Budget, Money Ended)>> BudgetsAsync(CancellationToken cancellation) =>
    [
        .. (await source.ListAsync<BudgetRow>(
            """
            select b.name, b.budget_micros as budget,
                coalesce((select sum(a.cost_micros) from orchestrator.attempts a join orchestrator.jobs j on j.id = a.job_id where j.batch_id = b.id and j.ended_at is not null), 0)::bigint as ended
            from orchestrator.batches b where b.ended_at is null and b.budget_micros is not null order by b.id
            """,
            null,
            cancellation)).Select(row => (row.Name, new Money(row.Budget), new Money(row.Ended))),
    ];

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
    public static bool Concerns(JobState before, JobState after, ImmutableArray<JobEvent> events)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        return after.Terms.Batch is not null && (events.Any(e => e is AttemptPlanned or BudgetChanged) || ChangesTheLine(before, events));
    }

    /// <summary>A slot or money may have become free, or the canary has shown something.</summary>
    private static bool ChangesTheLine(JobState before, ImmutableArray<JobEvent> events) => events.Any(e => e is AttemptEnded or JobEnded or CheckpointCommitted or JobPhaseChanged { Phase: JobPhase.Paused }
        // It found no host, and gives its turn up; that it still finds none wakes nobody.
        || (e is JobPhaseChanged { Phase: JobPhase.Waiting, Batch: null } && before.Phase != JobPhase.Waiting));

    /// <summary>Nobody else changes who may begin and what is left of the shared budget before the transaction has ended. Before the job's own row is touched: others take both in that order.</summary>
    internal static async Task<long?> LockAsync(NpgsqlTransaction transaction, JobId job, CancellationToken cancellation)
    {
        // A server that freezes in here would keep the whole batch from going on: PostgreSQL ends its transaction.
        await transaction.ExecuteAsync("set local idle_in_transaction_session_timeout = '10s'", null, cancellation);
        return await transaction.FirstAsync<long?>(
            "select id from orchestrator.batches where id = (select batch_id from orchestrator.jobs where id = @id) for update", new { id = job.Value }, cancellation);
    }

    /// <summary>Whether what was decided still keeps what the batch promises, under its lock.</summary>
    internal static async Task<bool> AllowsAsync(NpgsqlTransaction transaction, long batch, JobState after, ImmutableArray<JobEvent> events, CancellationToken cancellation)
    {
        var begins = events.Any(e => e is AttemptPlanned);
        if (!begins && !events.Any(e => e is BudgetChanged))
        {
            return true;
        }

        var (rules, members) = await ReadAsync(transaction, batch, cancellation);
        return (!begins || BatchLine.MayBegin(rules, members, after.Id))
            && BatchLine.MayHold(rules, members, after.Id, after.Terms);
    }

    /// <summary>Wakes those whose turn it may be and those that wait for a host (one has become free, perhaps their own machine), cancels those that are not worth going on with, and notes the end of the last one; under its lock.</summary>
    internal static async Task SettleAsync(NpgsqlTransaction transaction, long batch, JobState before, ImmutableArray<JobEvent> events, CancellationToken cancellation)
    {
        if (!ChangesTheLine(before, events))
        {
            return;
        }

        if (events.Any(e => e is JobEnded))
        {
            var (rules, members) = await ReadAsync(transaction, batch, cancellation);
            // Asked when something fails, not again at every end that follows from it.
            if (events.Any(e => e is JobEnded { Phase: JobPhase.Failed or JobPhase.DeadlineMissed }))
            {
                foreach (var stop in BatchLine.Stops(rules, members))
                {
                    await JobStore.AddInboxAsync(transaction, stop.Job, new CancelCommand($"batch {rules.Name}: {stop.Why}"), cancellation);
                }
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
                select j.id from orchestrator.jobs j where j.batch_id = @batch and j.phase = 'Waiting' and j.id <> @job and j.ended_at is null
                order by exists (select 1 from orchestrator.attempts a where a.job_id = j.id) desc, j.priority desc, j.batch_number limit @limit)
            """,
            new { batch, job = before.Id.Value, limit = WokenAtOnce },
            cancellation);
    }
}
