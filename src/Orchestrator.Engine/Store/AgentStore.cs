using System.Collections.Immutable;
using Npgsql;
using Orchestrator.Jobs;
using Orchestrator.Protocol;
using Orchestrator.Reconciling;

namespace Orchestrator.Engine.Store;

/// <summary>
/// What agents said and what they are to be told; ticks see agents only through this. Every write names the channel's epoch:
/// a displaced owner gets <see cref="ChannelLostException"/>.
/// </summary>
public sealed partial class AgentStore(NpgsqlDataSource source)
{
    // Host words that are kept for a person are cut to what a person reads.
    private const int MaxActivity = 200;
    /// <summary>
    /// Stores journal events in order and wakes the job. Events that are stored already are skipped; after a gap nothing is
    /// stored, so that a result below the newest event given means: attach again from there.
    /// </summary>
    /// <returns>The newest event stored for the attempt.</returns>
    public async Task<long> StoreEventsAsync(ChannelLease channel, IReadOnlyList<AgentEvent> events, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(events);
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var before = (await LockAsync(transaction, channel, cancellation)).LastSeq;
        var last = before;
        double? down = null, up = null;
        foreach (var agentEvent in events)
        {
            if (agentEvent.Seq > last + 1)
            {
                break;
            }

            if (agentEvent.Seq == last + 1)
            {
                await transaction.ExecuteAsync(
                    "insert into orchestrator.agent_events (job_id, attempt, seq, body) values (@job, @Attempt, @Seq, @body::json)",
                    new { job = channel.Job.Value, channel.Attempt, agentEvent.Seq, body = StoredJson.Write(agentEvent) },
                    cancellation);
                last = agentEvent.Seq;
                down = Better(down, (agentEvent as FilesStaged)?.Line?.Mbps);
                up = Better(up, (agentEvent as CheckpointStored)?.Line?.Mbps);
            }
        }

        if (last > before)
        {
            await transaction.ExecuteAsync(
                """
                update orchestrator.channels set last_seq = @last, connected = true, last_heard_at = clock_timestamp(),
                    down_mbps = greatest(down_mbps, @down), up_mbps = greatest(up_mbps, @up)
                where job_id = @job and attempt = @Attempt;
                update orchestrator.jobs set due_at = least(due_at, clock_timestamp()), nudged = true where id = @job
                """,
                new { job = channel.Job.Value, channel.Attempt, last, down, up },
                cancellation);
            await transaction.CommitAsync(cancellation);
        }

        return last;
    }

    private static double? Better(double? known, double? reached) => known is null || reached > known ? reached : known;

    /// <summary>Something was received.</summary>
    public Task HeardAsync(ChannelLease channel, Heartbeat? heartbeat, CancellationToken cancellation) => HeardAsync(channel, heartbeat, null, cancellation);

    /// <summary>Its agent said hello, and which minor of the protocol it speaks.</summary>
    public Task GreetedAsync(ChannelLease channel, int minor, CancellationToken cancellation) => HeardAsync(channel, null, minor, cancellation);

    /// <summary>
    /// The first word of a channel wakes the job; later ones cost one row and no tick.
    /// <c>progress_at</c> moves only when the step rises. The pace counts what is above the highest step so far, so that bars of
    /// evaluations in between take time and bring no steps; the first rise is left out, since it holds the warm-up.
    /// A sample for the curve is kept every two seconds at first, and ever more seldom: some hundred an attempt, however long it is.
    /// </summary>
    private async Task HeardAsync(ChannelLease channel, Heartbeat? heartbeat, int? minor, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(channel);
        var found = await source.FirstAsync<bool>(
            """
            with old as (
                select connected, step, pace_step, pace_at, sampled_from, sampled_at,
                    @step > coalesce(step, -1)
                        and (sampled_at is null or clock_timestamp() - sampled_at >= greatest(interval '2 seconds', (clock_timestamp() - sampled_from) / 300)) as sampled
                from orchestrator.channels where job_id = @job and attempt = @Attempt and epoch = @Epoch for update),
            sample as (
                insert into orchestrator.progress (job_id, attempt, at, step, metrics)
                select @job, @Attempt, clock_timestamp(), @step, @metrics::json from old where sampled
                on conflict do nothing),
            heard as (
                update orchestrator.channels c set connected = true, last_heard_at = clock_timestamp(),
                    agent_minor = coalesce(@minor, c.agent_minor),
                    trainer = coalesce(@trainer, c.trainer),
                    step = coalesce(@step, c.step), total_steps = coalesce(@total, c.total_steps),
                    progress_at = case when @step > coalesce(old.step, -1) then clock_timestamp() else c.progress_at end,
                    pace_step = greatest(c.pace_step, @step),
                    pace_at = case when @step > coalesce(old.pace_step, -1) then clock_timestamp() else c.pace_at end,
                    pace_total = case when @step > coalesce(old.pace_step, -1) then coalesce(@total, c.pace_total) else c.pace_total end,
                    paced_steps = case when @step > old.pace_step then coalesce(c.paced_steps + (@step::float8 - old.pace_step), 0) else c.paced_steps end,
                    paced_seconds = case when @step > old.pace_step
                        then coalesce(c.paced_seconds + extract(epoch from clock_timestamp() - old.pace_at)::float8, 0) else c.paced_seconds end,
                    metrics = coalesce(@metrics::json, c.metrics), not_finite = case when @beat then @odd::json else c.not_finite end, disk_free = coalesce(@disk, c.disk_free),
                    activity = case when @beat then @activity else c.activity end,
                    sampled_from = case when old.sampled then coalesce(c.sampled_from, clock_timestamp()) else c.sampled_from end,
                    sampled_at = case when old.sampled then clock_timestamp() else c.sampled_at end
                from old where c.job_id = @job and c.attempt = @Attempt and c.epoch = @Epoch),
            woken as (
                update orchestrator.jobs set due_at = least(due_at, clock_timestamp()), nudged = true
                where id = @job and exists (select from old where not connected))
            select exists (select from old)
            """,
            new
            {
                job = channel.Job.Value,
                channel.Attempt,
                channel.Epoch,
                minor,
                beat = heartbeat is not null,
                trainer = heartbeat?.Trainer.ToString(),
                step = heartbeat?.Step,
                total = heartbeat?.TotalSteps,
                metrics = HostMetrics.Write(heartbeat?.Metrics),
                odd = HostMetrics.Write(heartbeat?.NotFinite),
                disk = heartbeat?.DiskFree,
                activity = heartbeat?.Activity is { } words ? Sql.Clean(words, MaxActivity) : null,
            },
            cancellation);
        if (!found)
        {
            throw new ChannelLostException(channel.Job, channel.Attempt, channel.Epoch);
        }
    }

    /// <summary>
    /// What a tick may see of the attempt's agent: events after <paramref name="afterSeq"/>, at most <paramref name="limit"/>. Null =
    /// no channel was ever open. Our own absence is not the host's silence: while nobody listens it counts as heard now, and
    /// otherwise as heard when the listening began. The same holds for progress.
    /// </summary>
    public async Task<AgentView?> ViewAsync(JobId job, int attempt, long afterSeq, int limit, CancellationToken cancellation)
    {
        var channel = await source.FirstAsync<ViewRow>(
            """
            select step, total_steps as totalsteps, metrics::text as metrics, not_finite::text as notfinite, connected and lease_until > now() as connected, case when last_heard_at is null then activity end as unreached,
                last_heard_at is null and reached_at is null as neverreached,
                case when last_heard_at is not null then greatest(last_heard_at, case when lease_until > now() then listening_since else now() end) end as lastheardat,
                case when progress_at is not null then greatest(progress_at, case when lease_until > now() then listening_since else now() end) end as progressat
            from orchestrator.channels where job_id = @job and attempt = @attempt
            """,
            new { job = job.Value, attempt },
            cancellation);
        if (channel is null)
        {
            return null;
        }

        var bodies = await source.ListAsync<string>(
            "select body::text from orchestrator.agent_events where job_id = @job and attempt = @attempt and seq > @afterSeq order by seq limit @limit",
            new { job = job.Value, attempt, afterSeq, limit },
            cancellation);
        return new AgentView
        {
            Connected = channel.Connected,
            LastHeardAt = channel.LastHeardAt,
            Unreached = channel.Unreached,
            NeverReached = channel.NeverReached,
            Step = channel.Step,
            TotalSteps = channel.TotalSteps,
            ProgressAt = channel.ProgressAt,
            Metrics = HostMetrics.Read(channel.Metrics),
            NotFinite = HostMetrics.ReadNotFinite(channel.NotFinite),
            Events = [.. bodies.Select(StoredJson.AgentEvent)],
        };
    }

    /// <summary>Locks the channel's row for the transaction, so that a newer owner waits for what this one still writes.</summary>
    internal static async Task<ChannelRow> LockAsync(NpgsqlTransaction transaction, ChannelLease channel, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(channel);
        return await transaction.FirstAsync<ChannelRow>(
            "select last_seq as lastseq, log_offset as logoffset from orchestrator.channels where job_id = @job and attempt = @Attempt and epoch = @Epoch for update",
            new { job = channel.Job.Value, channel.Attempt, channel.Epoch },
            cancellation) ?? throw new ChannelLostException(channel.Job, channel.Attempt, channel.Epoch);
    }

    internal sealed record ChannelRow
    {
        public long LastSeq { get; init; }

        public long LogOffset { get; init; }
    }

    private sealed record ViewRow
    {
        public bool Connected { get; init; }

        public string? Unreached { get; init; }

        public bool NeverReached { get; init; }

        public DateTimeOffset? LastHeardAt { get; init; }

        public long? Step { get; init; }

        public long? TotalSteps { get; init; }

        public DateTimeOffset? ProgressAt { get; init; }

        public string? Metrics { get; init; }

        public string? NotFinite { get; init; }
    }
}
