using System.Collections.Immutable;
using System.Globalization;
using Npgsql;
using Orchestrator.Batches;
using Orchestrator.Engine.Recurring;
using Orchestrator.Jobs;
using Orchestrator.Reconciling;
using Orchestrator.Spending;

namespace Orchestrator.Engine.Store;

/// <summary>Jobs as ticks need them: submit, lease, load, append, and when to look again. All instants are the database's clock.</summary>
/// <param name="source">The application's pool.</param>
/// <param name="time">Monotonic stamps of leases; wants a clock that goes on while the machine sleeps.</param>
public sealed class JobStore(NpgsqlDataSource source, TimeProvider time)
{
    /// <summary>Inbox rows one tick is given; more wait for the next.</summary>
    private const int InboxLimit = 100;

    private const string Inbox =
        """
        with woken as (
            update orchestrator.jobs set due_at = least(due_at, clock_timestamp()), nudged = true where id = @id)
        insert into orchestrator.inbox (job_id, body) values (@id, @body::json) returning id
        """;

    /// <summary>False = leases are taken but not checked at an append. Only drills, which must notice the damage, switch it off.</summary>
    public bool Fenced { get; init; } = true;

    /// <summary>No attempt is planned beyond these, whatever was seen when it was decided.</summary>
    public ServerLimits Limits { get; init; } = new();

    public async Task<DateTimeOffset> NowAsync(CancellationToken cancellation) =>
        await source.FirstAsync<DateTimeOffset>("select clock_timestamp()", null, cancellation);

    /// <summary>Stores the job with its first event, due at once. Throws <see cref="RetriedAlreadyException"/> and <see cref="StartGoneException"/>.</summary>
    public async Task<JobId> SubmitAsync(NewJob job, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(job);
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var id = await JobInsert.RunAsync(transaction, job, null, cancellation);
        if (job.Firing is { } firing && !await SeriesStore.SettleAsync(transaction, firing, id, cancellation))
        {
            throw new FiringSettledException(firing.Series);
        }

        await transaction.CommitAsync(cancellation);
        return id;
    }

    /// <summary>Takes the right to tick the job, for <paramref name="duration"/>. Null = somebody holds it, or there is no such job.</summary>
    public async Task<JobLease?> TryLeaseAsync(JobId job, string owner, TimeSpan duration, CancellationToken cancellation)
    {
        // Before the call: what we believe to have left is then never more than the database would say.
        var taken = time.GetTimestamp();
        var row = await source.FirstAsync<LeaseRow>(
            """
            update orchestrator.jobs
            set lease_token = lease_token + 1, lease_owner = @owner, nudged = false,
                lease_until = clock_timestamp() + make_interval(secs => @seconds)
            where id = @id and (lease_until is null or lease_until <= clock_timestamp())
            returning lease_token as token, lease_until - make_interval(secs => @seconds) as now
            """,
            new { id = job.Value, owner, seconds = duration.TotalSeconds },
            cancellation);
        return row is null ? null : new JobLease(job, row.Token, row.Now, duration, taken);
    }

    /// <summary>Throws <see cref="KeyNotFoundException"/> where there is no such job.</summary>
    public async Task<JobSnapshot> LoadAsync(JobId job, CancellationToken cancellation)
    {
        // The inbox first: an item that arrives in between is in neither, never handled on a state that does not know it.
        var inbox = await source.ListAsync<InboxRow>(
            "select id, body::text as body from orchestrator.inbox where job_id = @id and handled_at is null order by id limit @limit",
            new { id = job.Value, limit = InboxLimit },
            cancellation);
        var row = await source.FirstAsync<StateRow>("select state::text as state, spec::text as spec from orchestrator.jobs where id = @id", new { id = job.Value }, cancellation)
            ?? throw new KeyNotFoundException($"there is no job {job}");
        return new JobSnapshot(StoredJson.State(row.State), [.. inbox.Select(item => StoredJson.Inbox(item.Id, item.Body))], row.Spec);
    }

    /// <summary>
    /// Commits a tick: state, events, its record, the inbox rows it handled and all projections, or nothing. Fenced: the
    /// lease ran out, another has it, or the state is no longer <paramref name="before"/>.
    /// </summary>
    public async Task<AppendResult> AppendAsync(
        JobLease lease, JobState before, JobState after, ImmutableArray<JobEvent> events, TickRecord? record, ImmutableArray<long> handledInbox, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(lease);
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        if (after.Seq != before.Seq + events.Length)
        {
            throw new ArgumentException($"{events.Length} events cannot lead from {before.Seq} to {after.Seq}", nameof(after));
        }

        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        long? batch = BatchStore.Concerns(before, after, events) ? await BatchStore.LockAsync(transaction, lease.Job, cancellation) : null;
        // Due at once from here on: a crash between this commit and its effects is found by due_at when the lease has run out.
        var touched = await transaction.ExecuteAsync(
            """
            update orchestrator.jobs
            set seq = @seq, state = @state::json, phase = @phase, reason = @reason, phase_since = @since,
                ended_at = case when @terminal then coalesce(ended_at, @now) end,
                budget_micros = @budget, room_micros = @room, batch_wait = @waits, priority = @priority,
                start_job = case when @starts then start_job end, start_manifest = case when @starts then start_manifest end,
                due_at = least(due_at, clock_timestamp())
            where id = @id and seq = @seqBefore
              and (not @fenced or (lease_token = @token and lease_until > clock_timestamp()))
            """,
            new
            {
                id = lease.Job.Value,
                token = lease.Token,
                fenced = Fenced,
                seqBefore = before.Seq,
                seq = after.Seq,
                state = StoredJson.Write(after),
                phase = after.Phase.ToString(),
                reason = Sql.Clean(after.PhaseReason),
                since = after.PhaseSince,
                terminal = after.Phase.IsTerminal(),
                now = lease.Now,
                budget = after.Terms.MaxTotal?.MicroDollars,
                room = after.RoomWait?.PricePerHour.MicroDollars,
                waits = after.BatchWait is { For: not BatchHoldKind.Budget },
                starts = after.Start is not null,
                priority = after.Terms.Priority,
            },
            cancellation);
        if (touched == 0)
        {
            return AppendResult.Fenced;
        }

        if (events.OfType<HostTaken>().FirstOrDefault() is { } taken)
        {
            if (!await HandingStore.PassAsync(transaction, lease.Job, taken, cancellation))
            {
                return AppendResult.NoRoom;
            }

            FailPoints.Hit("host-passing");
        }

        if (batch is { } asked && !await BatchStore.AllowsAsync(transaction, asked, after, events, cancellation))
        {
            return AppendResult.NoRoom;
        }

        if (Limits.Any && events.OfType<AttemptPlanned>().FirstOrDefault() is { } planned
            && !await RoomStore.IsThereRoomAsync(transaction, Limits, after, planned, lease.Now, cancellation))
        {
            return AppendResult.NoRoom;
        }

        await Projections.WriteEventsAsync(transaction, lease.Job, before.Seq, events, cancellation);
        await Projections.WriteAsync(transaction, before, after, events, cancellation);
        if (record is not null)
        {
            await transaction.ExecuteAsync(
                "insert into orchestrator.ticks (job_id, seq_before, at, record) values (@id, @seqBefore, @now, @record::json)",
                new { id = lease.Job.Value, seqBefore = before.Seq, now = record.Now, record = StoredJson.Write(record) },
                cancellation);
        }

        if (!handledInbox.IsEmpty)
        {
            await transaction.ExecuteAsync(
                "update orchestrator.inbox set handled_at = clock_timestamp() where job_id = @id and id = any(@handled) and handled_at is null",
                new { id = lease.Job.Value, handled = handledInbox.ToArray() },
                cancellation);
        }

        if (batch is { } told)
        {
            await BatchStore.SettleAsync(transaction, told, before, events, cancellation);
        }

        await transaction.CommitAsync(cancellation);
        return AppendResult.Committed;
    }

    /// <summary>The live attempt that owns what is listed under a label which is another attempt's: its host has passed on. Null = none.</summary>
    public async Task<(JobId Job, int Attempt)?> HeirOfAsync(string label, CancellationToken cancellation) =>
        await source.FirstAsync<HeirRow>(
            "select job_id as job, attempt from orchestrator.attempts where listed_as = @label and ended_at is null limit 1", new { label = Sql.Clean(label) }, cancellation) is { } row
            ? (new JobId(row.Job), row.Attempt)
            : null;

    /// <summary>
    /// Gives the lease back and sets when to look again. What arrived meanwhile makes that at once. A stale lease changes nothing.
    /// </summary>
    /// <param name="lease">The lease; it may have run out.</param>
    /// <param name="dueAt">When to look again; null = not before something arrives.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <returns>When the job is due now; null = never, or another holds the lease.</returns>
    public async Task<DateTimeOffset?> ReleaseAsync(JobLease lease, DateTimeOffset? dueAt, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(lease);
        // A lease that had run out may have been refused its append: the job is looked at again rather than believed to be done.
        return await source.FirstAsync<DateTimeOffset?>(
            """
            update orchestrator.jobs
            set lease_owner = null, lease_until = null, nudged = false,
                due_at = case when nudged or lease_until is null or lease_until <= clock_timestamp() then least(@due::timestamptz, clock_timestamp()) else @due::timestamptz end
            where id = @id and lease_token = @token
            returning due_at
            """,
            new { id = lease.Job.Value, token = lease.Token, due = dueAt },
            cancellation);
    }

    /// <summary>Stores a command or result for the next tick and makes the job due.</summary>
    /// <returns>The row's id.</returns>
    public async Task<long> AddInboxAsync(JobId job, InboxItem item, CancellationToken cancellation) =>
        await source.FirstAsync<long>(Inbox, new { id = job.Value, body = StoredJson.Write(item with { Id = 0 }) }, cancellation);

    /// <summary>The same within a transaction.</summary>
    internal static async Task<long> AddInboxAsync(NpgsqlTransaction transaction, JobId job, InboxItem item, CancellationToken cancellation) =>
        await transaction.FirstAsync<long>(Inbox, new { id = job.Value, body = StoredJson.Write(item with { Id = 0 }) }, cancellation);

    /// <summary>Jobs that should be looked at and are not, longest due first.</summary>
    public async Task<IReadOnlyList<JobId>> DueJobsAsync(int limit, CancellationToken cancellation)
    {
        var ids = await source.ListAsync<long>(
            "select id from orchestrator.jobs where due_at <= now() and (lease_until is null or lease_until <= now()) order by due_at, id limit @limit",
            new { limit },
            cancellation);
        return [.. ids.Select(id => new JobId(id))];
    }

    /// <summary>
    /// The jobs that <c>112</c>, <c>#112</c>, <c>lora#112</c> or <c>lora</c> means: one; none; or, oldest first, several live ones of
    /// that name. An ended job answers to its name only while no live one has it, the newest of them.
    /// </summary>
    public async Task<ImmutableArray<JobId>> ResolveAsync(string idOrName, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(idOrName);
        var hash = idOrName.LastIndexOf('#');
        if (long.TryParse(idOrName.AsSpan(hash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && await source.FirstAsync<long?>(
                "select id from orchestrator.jobs where id = @number and (@name = '' or name = @name)",
                new { number, name = Sql.Clean(hash > 0 ? idOrName[..hash] : "") },
                cancellation) is { } found)
        {
            return [new JobId(found)];
        }

        var live = await LiveOfNameAsync(idOrName, cancellation);
        return !live.IsEmpty ? live
            : await source.FirstAsync<long?>("select id from orchestrator.jobs where name = @name order by id desc limit 1", new { name = Sql.Clean(idOrName) }, cancellation)
                is { } newest ? [new JobId(newest)] : [];
    }

    /// <summary>Oldest first.</summary>
    public async Task<ImmutableArray<JobId>> LiveOfNameAsync(string name, CancellationToken cancellation) =>
    [
        .. (await source.ListAsync<long>(
            "select id from orchestrator.jobs where name = @name and ended_at is null order by id", new { name = Sql.Clean(name) }, cancellation)).Select(id => new JobId(id)),
    ];

    private sealed record HeirRow
    {
        public long Job { get; init; }

        public int Attempt { get; init; }
    }

    private sealed record LeaseRow
    {
        public long Token { get; init; }

        public DateTimeOffset Now { get; init; }
    }

    private sealed record InboxRow
    {
        public long Id { get; init; }

        public string Body { get; init; } = "";
    }

    private sealed record StateRow
    {
        public string State { get; init; } = "";

        public string Spec { get; init; } = "";
    }
}
