using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Npgsql;
using Orchestrator.Attempts;
using Orchestrator.Checkpoints;
using Orchestrator.Engine.Store.Views;
using Orchestrator.Jobs;
using Orchestrator.Planning.Measuring;
using Orchestrator.Reconciling;

namespace Orchestrator.Engine.Store;

/// <summary>What the API and the pages read. Costs come from the state, by the kernel's own formula.</summary>
public sealed class JobQueries(NpgsqlDataSource source)
{
    private const string Checkpoints =
        """
        select manifest_key as manifestkey, attempt, ordinal, entry, step, bytes, status, why, adopted, reported_at as reportedat, verified_at as verifiedat, job_id as job
        from orchestrator.checkpoints
        """;

    private const string Channels =
        """
        select job_id as job, attempt, owner, connected, last_heard_at as lastheardat, agent_minor as agentminor, keyless, trainer, step, total_steps as totalsteps, progress_at as progressat,
               metrics::text as metrics, not_finite::text as notfinite, disk_free as diskfree, activity, log_offset as loglength,
               paced_steps as pacedsteps, paced_seconds as pacedseconds, pace_step as pacestep, pace_total as pacetotal
        from orchestrator.channels
        """;

    private const string Jobs =
        """
        select id, owner, labels::text as labels, state::text as state, ended_at as endedat, due_at as dueat, now() as now, batch_id as batchid, batch_number as batchnumber, cell, retry_of as retryof,
            (select b.budget_micros from orchestrator.batches b where b.id = batch_id) as batchbudget
        from orchestrator.jobs
        """;

    /// <summary>Newest first.</summary>
    public async Task<IReadOnlyList<JobSummary>> ListAsync(JobFilter filter, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var label = filter.Label?.Split('=', 2);
        var rows = await source.ListAsync<JobRow>(
            Jobs + """
             where (@batch::bigint is null or batch_id = @batch)
               and (@all or ended_at is null or ended_at > now() - interval '3 days')
               and (@since::timestamptz is null or submitted_at >= @since)
               and (@key::text is null or case when @value::text is null then jsonb_exists(labels, @key) else labels @> jsonb_build_object(@key::text, @value::text) end)
             order by (ended_at is null) desc, id desc
             limit greatest(@limit, (select count(*) from orchestrator.jobs where ended_at is null))
            """,
            new { batch = filter.Batch, all = filter.All || filter.Batch is not null, since = filter.Since, key = label?[0], value = label is [_, var value] ? value : null, limit = filter.Limit },
            cancellation);
        // What lives is never cut off by what has ended.
        rows.Sort((one, other) => other.Id.CompareTo(one.Id));
        var ids = rows.Select(row => row.Id).ToArray();
        var channels = (await source.ListAsync<ChannelFacts>(Channels + " where job_id = any(@ids)", new { ids }, cancellation)).ToLookup(row => row.Job);
        var checkpoints = (await source.ListAsync<CheckpointView>(
            """
            select distinct on (job_id) manifest_key as manifestkey, attempt, ordinal, entry, step, bytes, status, why, adopted,
                   reported_at as reportedat, verified_at as verifiedat, job_id as job
            from orchestrator.checkpoints where job_id = any(@ids) and status = 'verified' order by job_id, attempt desc, ordinal desc
            """,
            new { ids },
            cancellation)).ToDictionary(row => row.Job);
        return [.. rows.Select(row => Summarize(row, StoredJson.State(row.State), channels[row.Id], checkpoints.GetValueOrDefault(row.Id)))];
    }

    /// <summary>Null = no such job.</summary>
    public async Task<JobDetail?> ShowAsync(JobId job, CancellationToken cancellation)
    {
        if (await source.FirstAsync<JobRow>(Jobs + " where id = @id", new { id = job.Value }, cancellation) is not { } row)
        {
            return null;
        }

        var state = StoredJson.State(row.State);
        var spec = (await source.FirstAsync<SpecRow>("select spec_yaml as yaml, spec::text as json from orchestrator.jobs where id = @id", new { id = job.Value }, cancellation))!;
        var channels = (await source.ListAsync<ChannelFacts>(Channels + " where job_id = @id order by attempt", new { id = job.Value }, cancellation)).ToDictionary(channel => channel.Attempt);
        var checkpoints = await CheckpointsAsync(job, cancellation);
        var last = state.Attempts.LastOrDefault();
        return new JobDetail
        {
            Job = Summarize(row, state, channels.Values, checkpoints.LastOrDefault(checkpoint => checkpoint.Status == "verified")),
            State = state,
            Now = row.Now,
            SpecYaml = spec.Yaml,
            SpecJson = spec.Json,
            Attempts = [.. state.Attempts.Select(attempt => View(attempt, channels.GetValueOrDefault(attempt.Number), row.Now))],
            Checkpoints = [.. checkpoints],
            Paces = [.. channels.Values.OrderBy(channel => channel.Attempt).Select(channel => channel.ToPace()).OfType<PaceSeen>()],
            ResumedAtStep = last?.RestoreFrom?.Step,
            OutputsPrefix = last is null ? null : ObjectKeys.Outputs(JobFolders.OfAttempt(state, last.Number)),
        };
    }

    /// <summary>Events after <paramref name="afterSeq"/>, oldest first.</summary>
    public async Task<IReadOnlyList<EventView>> EventsAsync(JobId job, long afterSeq, int limit, CancellationToken cancellation) =>
        await source.ListAsync<EventView>(
            "select seq, at, kind, why, body::text as body from orchestrator.job_events where job_id = @id and seq > @afterSeq order by seq limit @limit",
            new { id = job.Value, afterSeq, limit },
            cancellation);

    /// <summary>The newest events, oldest first.</summary>
    public async Task<IReadOnlyList<EventView>> NewestEventsAsync(JobId job, int limit, CancellationToken cancellation)
    {
        var newest = await source.ListAsync<EventView>(
            "select seq, at, kind, why, body::text as body from orchestrator.job_events where job_id = @id order by seq desc limit @limit", new { id = job.Value, limit }, cancellation);
        newest.Reverse();
        return newest;
    }

    /// <summary>Jobs with an instance, the newest first: one question for all of them.</summary>
    public async Task<IReadOnlyList<RentedJob>> RentedAsync(int most, CancellationToken cancellation)
    {
        var rows = await source.ListAsync<RentedRow>(
            """
            select id, name, state::text as state, spec::text as spec, now() as now from orchestrator.jobs
            where id in (select job_id from orchestrator.attempts where ended_at is null and instance_id is not null) order by id desc limit @most
            """,
            new { most },
            cancellation);
        var channels = (await source.ListAsync<ChannelFacts>(Channels + " where job_id = any(@ids)", new { ids = rows.Select(row => row.Id).ToArray() }, cancellation)).ToDictionary(channel => (channel.Job, channel.Attempt));
        return
        [
            .. from row in rows
               let state = StoredJson.State(row.State)
               select new RentedJob(row.Id, row.Name, state, row.Spec, row.Now, [.. state.Attempts.Select(attempt => View(attempt, channels.GetValueOrDefault((row.Id, attempt.Number)), row.Now))]),
        ];
    }

    /// <summary>All events as the kernel reads them: folding them gives the state.</summary>
    public async Task<ImmutableArray<JobEvent>> HistoryAsync(JobId job, CancellationToken cancellation)
    {
        var bodies = await source.ListAsync<string>("select body::text from orchestrator.job_events where job_id = @id order by seq", new { id = job.Value }, cancellation);
        return [.. bodies.Select(StoredJson.Event)];
    }

    /// <summary>Recorded ticks in order, a page at a time: a long job has many.</summary>
    public async IAsyncEnumerable<TickRecord> TicksAsync(JobId job, [EnumeratorCancellation] CancellationToken cancellation)
    {
        const int page = 100;
        var after = -1L;
        while (true)
        {
            var records = await source.ListAsync<string>(
                "select record::text from orchestrator.ticks where job_id = @id and seq_before > @after order by seq_before limit @page",
                new { id = job.Value, after, page },
                cancellation);
            foreach (var record in records)
            {
                var tick = StoredJson.Tick(record);
                after = tick.SeqBefore;
                yield return tick;
            }

            if (records.Count < page)
            {
                yield break;
            }
        }
    }

    /// <summary>All of the job's checkpoints, oldest first, with what became of them.</summary>
    public async Task<IReadOnlyList<CheckpointView>> CheckpointsAsync(JobId job, CancellationToken cancellation) =>
        await source.ListAsync<CheckpointView>(Checkpoints + " where job_id = @id order by attempt, ordinal, manifest_key", new { id = job.Value }, cancellation);

    private static JobSummary Summarize(JobRow row, JobState state, IEnumerable<ChannelFacts> channels, CheckpointView? checkpoint)
    {
        var last = state.Attempts.LastOrDefault();
        return new JobSummary
        {
            Id = row.Id,
            Name = state.Name,
            Owner = row.Owner,
            Labels = JsonSerializer.Deserialize<ImmutableSortedDictionary<string, string>>(row.Labels)!,
            Phase = state.Phase,
            Reason = state.PhaseReason,
            PhaseSince = state.PhaseSince,
            SubmittedAt = state.SubmittedAt,
            EndedAt = row.EndedAt,
            DueAt = row.DueAt,
            Attempt = last?.Number ?? 0,
            AttemptPhase = last?.Phase,
            Offer = last?.Offer,
            TrainingStartedAt = last?.TrainingStartedAt,
            RestoredStep = last?.RestoreFrom?.Step,
            Hold = last is { Phase: AttemptPhase.Draining, Held: { } held } ? new HoldView(held.Since, held.Until, last.CostAt(row.Now) - last.CostAt(held.Since)) : null,
            Deadline = state.Terms.Deadline,
            Net = state.Net,
            PricePerHour = state.Attempts.Aggregate(Money.Zero, (sum, attempt) => sum + attempt.RateNow()),
            Cost = state.SpentAt(row.Now),
            MaxTotal = state.Terms.MaxTotal,
            Interruptions = state.Interruptions,
            RetryOf = row.RetryOf,
            // The newest attempt that said anything: one that is still booting knows less than the one before it.
            Progress = channels.Where(channel => channel.Step is not null).MaxBy(channel => channel.Attempt)?.ToProgress(),
            LastCheckpoint = checkpoint,
            Batch = state.Terms.Batch is { } batch && row is { BatchId: { } of, BatchNumber: { } number } ? new BatchPart(of, batch.Name, number, row.Cell, row.BatchBudget is { } micros ? new Money(micros) : null) : null,
        };
    }

    private sealed record RentedRow
    {
        public long Id { get; init; }

        public string Name { get; init; } = "";

        public string State { get; init; } = "";

        public string Spec { get; init; } = "";

        public DateTimeOffset Now { get; init; }
    }

    private static AttemptView View(Attempt attempt, ChannelFacts? channel, DateTimeOffset now) => new()
    {
        Attempt = attempt,
        Cost = attempt.CostAt(now),
        Unsettled = attempt.UnsettledAt(now),
        ChannelOwner = channel?.Owner,
        Connected = channel?.Connected ?? false,
        LastHeardAt = channel?.LastHeardAt,
        AgentMinor = channel?.AgentMinor,
        Keyless = channel?.Keyless == true,
        Trainer = channel?.Trainer,
        Step = channel?.Step,
        TotalSteps = channel?.TotalSteps,
        ProgressAt = channel?.ProgressAt,
        Metrics = channel?.ReadMetrics() ?? ImmutableSortedDictionary<string, double>.Empty,
        DiskFree = channel?.DiskFree,
        Activity = channel?.Activity,
        LogLength = channel?.LogLength ?? 0,
    };
}
