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

    private static readonly string[] _waiting = [nameof(JobPhase.Waiting)];

    private static readonly string[] _heirs = [nameof(JobPhase.Pending), nameof(JobPhase.Waiting), nameof(JobPhase.Recovering)];

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

        var joined = begun is not null ? null : await transaction.FirstAsync<RulesRow>($"{Rules} where name = @Name and ended_at is null for update", new { batch.Rules.Name }, cancellation);
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

    /// <summary>One more job of a batch, which begins to live again if it had ended; null = another batch of its name lives.</summary>
    public async Task<JobId?> AddAsync(long batch, NewJob job, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(job);
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var lives = await transaction.ExecuteAsync(
            """
            update orchestrator.batches b set ended_at = null
            where id = @batch and not exists (select from orchestrator.batches o where o.name = b.name and o.id <> b.id and o.ended_at is null)
            """,
            new { batch },
            cancellation);
        if (lives == 0)
        {
            return null;
        }

        var last = await transaction.FirstAsync<int>("select coalesce(max(batch_number), 0) from orchestrator.jobs where batch_id = @batch", new { batch }, cancellation);
        var id = await JobInsert.RunAsync(transaction, job, (batch, last + 1), cancellation);
        await transaction.CommitAsync(cancellation);
        return id;
    }

    /// <summary>Its jobs that failed, or that it stopped because another did, and that nobody has retried; by their numbers.</summary>
    public async Task<IReadOnlyList<JobId>> FailedAsync(long batch, CancellationToken cancellation) =>
    [
        .. (await source.ListAsync<long>(
            """
            select id from orchestrator.jobs j
            where batch_id = @batch and (phase in ('Failed', 'DeadlineMissed') or (phase = 'Cancelled' and reason like 'cancelled by batch %'))
              and not exists (select from orchestrator.jobs r where r.retry_of = j.id)
            order by batch_number
            """,
            new { batch },
            cancellation)).Select(id => new JobId(id)),
    ];

    /// <summary>The newest batch of that name; null = there is none.</summary>
    public async Task<BatchRecord?> FindAsync(string name, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        return await ReadAsync(connection, null, OfName, new { name = Sql.Clean(name) }, cancellation);
    }

    /// <summary>The batch of that number; null = there is none.</summary>
    public async Task<BatchRecord?> FindAsync(long batch, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        return await ReadAsync(connection, null, OfId, new { batch }, cancellation);
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

    /// <summary>Live batches with a shared budget, and what they have spent of it beside what the living jobs say of themselves: those that have ended, and what providers have charged beyond our own meter.</summary>
    public async Task<IReadOnlyList<(string Name, Money Budget, Money Beside)>> BudgetsAsync(CancellationToken cancellation) =>
    [
        .. (await source.ListAsync<BudgetRow>(
            $"""
            select b.name, b.budget_micros as budget, coalesce(sum(case when j.ended_at is not null then a.cost end), 0)::bigint + coalesce(sum(a.unmetered), 0)::bigint as beside
            from orchestrator.batches b left join orchestrator.jobs j on j.batch_id = b.id left join lateral ({Costs}) a on true
            where b.ended_at is null and b.budget_micros is not null group by b.id order by b.id
            """,
            null,
            cancellation)).Select(row => (row.Name, new Money(row.Budget), new Money(row.Beside))),
    ];

    /// <summary>What the job's batch lets it do now; null = it belongs to none.</summary>
    public async Task<BatchView?> LookAsync(JobId job, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        if (await ReadAsync(connection, null, OfJob, new { job = job.Value }, cancellation) is not { } batch)
        {
            return null;
        }

        // A job has one host at most to give, and few do so at the same moment.
        var givers = batch.Members.Where(member => member.Job != job && member.IsPassing).Select(member => member.Job).ToList();
        return BatchLook.Of(batch.Rules, batch.Members, job, givers.Count == 0 ? [] : await HandingStore.OffersAsync(source, givers, cancellation));
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
        return after.Terms.Batch is not null && (events.Any(e => e is AttemptPlanned or HostOffered or BudgetChanged) || ChangesTheLine(before, events));
    }

    /// <summary>A slot or money may have become free, or the canary has shown something.</summary>
    private static bool ChangesTheLine(JobState before, ImmutableArray<JobEvent> events) => events.Any(e => e is AttemptEnded or JobEnded or HostHeld or HostOffered or CheckpointCommitted or JobPhaseChanged { Phase: JobPhase.Paused }
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

        var now = await ReadAsync(transaction, batch, cancellation);
        return (!begins || BatchLine.MayBegin(now.Rules, now.Members, after.Id))
            && BatchLine.MayHold(now.Rules, now.Members, after.Id, after.Terms);
    }

    /// <summary>Wakes those whose turn it may be and those that wait for a host (one has become free, perhaps their own machine), cancels those that are not worth going on with, and notes the end of the last one; under its lock.</summary>
    internal static async Task SettleAsync(NpgsqlTransaction transaction, long batch, JobState before, ImmutableArray<JobEvent> events, CancellationToken cancellation)
    {
        if (!ChangesTheLine(before, events))
        {
            return;
        }

        // Asked when something fails, not again at every end that follows from it.
        if (events.Any(e => e is HostHeld || (e is JobEnded { Phase: JobPhase.Failed or JobPhase.DeadlineMissed } && before.Attempts is not [.., { Held: not null }])))
        {
            var now = await ReadAsync(transaction, batch, cancellation);
            foreach (var stop in BatchLine.Stops(now.Rules, now.Members))
            {
                await JobStore.AddInboxAsync(transaction, stop.Job, new CancelCommand($"batch {now.Rules.Name}: {stop.Why}"), cancellation);
            }
        }

        if (events.Any(e => e is JobEnded))
        {
            // A thousand ends that each read a thousand members would be a million.
            await transaction.ExecuteAsync(
                "update orchestrator.batches set ended_at = clock_timestamp() where id = @batch and not exists (select from orchestrator.jobs where batch_id = @batch and ended_at is null)", new { batch }, cancellation);
        }

        await transaction.ExecuteAsync(
            """
            update orchestrator.jobs set due_at = least(due_at, clock_timestamp()), nudged = true
            where id in (
                select j.id from orchestrator.jobs j where j.batch_id = @batch and j.phase = any(@phases) and j.id <> @job and j.ended_at is null
                order by exists (select 1 from orchestrator.attempts a where a.job_id = j.id) desc, j.priority desc, j.batch_number limit @limit)
            """,
            // Whoever is without a host may take one over; those that nobody holds back come by themselves otherwise.
            new { batch, job = before.Id.Value, limit = WokenAtOnce, phases = events.Any(e => e is HostOffered) ? _heirs : _waiting },
            cancellation);
    }
}
