using System.Collections.Immutable;
using System.Text.Json;
using Npgsql;
using Orchestrator.Engine.Messages;
using Orchestrator.Jobs;
using Orchestrator.Reconciling;

namespace Orchestrator.Engine.Store;

/// <summary>Messages and their deliveries. What is stored here is sent, by whichever server has time, until it got through or is a day old.</summary>
public sealed class MessageStore(NpgsqlDataSource source)
{
    /// <summary>Characters: the lines of a log that a failure is told with, and the facts.</summary>
    private const int LongestText = 8000;

    /// <summary>A tick's transaction commits later than the instant its events carry.</summary>
    private static readonly TimeSpan _late = TimeSpan.FromMinutes(10);

    /// <summary>What is older is no news to anybody.</summary>
    private static readonly TimeSpan _news = TimeSpan.FromDays(2);

    /// <summary>So long one alert that comes and goes is told once.</summary>
    private static readonly TimeSpan _again = TimeSpan.FromHours(1);

    /// <summary>Events of jobs that somebody may want to hear of and that no message tells of yet, oldest first.</summary>
    public async Task<IReadOnlyList<JobNews>> UntoldAsync(int limit, CancellationToken cancellation) =>
    [
        .. (await source.ListAsync<NewsRow>(
            """
            select e.job_id as job, e.seq, e.at, e.body::text as body
            from orchestrator.job_events e, orchestrator.messages_read r
            where e.at > greatest(r.at - make_interval(secs => @late), now() - make_interval(secs => @news))
              and (e.kind in ('job-ended.1', 'host-held.1')
                or e.kind = 'job-phase-changed.1' and e.body ->> 'phase' = 'Paused'
                or e.kind = 'attempt-ended.1' and e.body ->> 'reason' = 'Stalled'
                or e.kind = 'training-started.1' and not exists (
                    select from orchestrator.job_events earlier where earlier.job_id = e.job_id and earlier.seq < e.seq and earlier.kind = 'training-started.1'))
              and not exists (select from orchestrator.messages m where m.key = 'job ' || e.job_id || ' event ' || e.seq)
            order by e.at, e.job_id, e.seq limit @limit
            """,
            new { late = _late.TotalSeconds, news = _news.TotalSeconds, limit },
            cancellation)).Select(row => new JobNews(new JobId(row.Job), row.Seq, row.At, Read(row.Body))),
    ];

    /// <summary>Jobs that trained, were interrupted, and did not train again for <paramref name="away"/>; once for each interruption.</summary>
    public async Task<IReadOnlyList<JobAway>> AwayAsync(TimeSpan away, CancellationToken cancellation) =>
    [
        .. (await source.ListAsync<AwayRow>(
            """
            select j.id as job, a.attempt, a.ended_at as since, a.why
            from orchestrator.jobs j cross join lateral (
                select attempt, ended_at, why, reason from orchestrator.attempts where job_id = j.id and started_at is not null order by attempt desc limit 1) a
            where j.ended_at is null and j.phase not in ('Paused', 'Scheduled')
              and a.reason not in ('Paused', 'BudgetExhausted', 'WindowClosed', 'EpochBegan', 'Succeeded') and a.ended_at < now() - make_interval(secs => @away)
              and not exists (select from orchestrator.messages m where m.key = 'job ' || j.id || ' away ' || a.attempt)
            order by a.ended_at limit 100
            """,
            new { away = away.TotalSeconds },
            cancellation)).Select(row => new JobAway(new JobId(row.Job), row.Attempt, row.Since, row.Why)),
    ];

    /// <summary>Batches whose last job has ended and of which nobody was told, oldest first.</summary>
    public async Task<IReadOnlyList<long>> EndedBatchesAsync(CancellationToken cancellation) =>
        await source.ListAsync<long>(
            """
            select b.id from orchestrator.batches b, orchestrator.messages_read r
            where b.ended_at > greatest(r.at - make_interval(secs => @late), now() - make_interval(secs => @news)) and exists (select from orchestrator.jobs j where j.batch_id = b.id)
              and not exists (select from orchestrator.messages m where m.key = 'batch ' || b.id || ' ended'
                || coalesce((select ' again ' || count(*) from orchestrator.jobs j where j.batch_id = b.id and j.retry_of is not null having count(*) > 0), ''))
            order by b.ended_at limit 100
            """,
            new { late = _late.TotalSeconds, news = _news.TotalSeconds },
            cancellation);

    /// <summary>Open alerts of which nobody was told, oldest first. One that comes and goes is not told again within the hour.</summary>
    public async Task<IReadOnlyList<AlertNews>> AlertsAsync(CancellationToken cancellation) =>
        await source.ListAsync<AlertNews>(
            """
            select a.id, a.kind, a.subject, a.text from orchestrator.alerts a
            where a.resolved_at is null and a.dismissed_at is null and a.at > now() - make_interval(secs => @news)
              and not exists (select from orchestrator.messages m where m.key = 'alert ' || a.id)
              and not exists (select from orchestrator.messages m where m.subject = a.kind || ' ' || a.subject and m.at > now() - make_interval(secs => @again))
            order by a.at, a.id limit 100
            """,
            new { news = _news.TotalSeconds, again = _again.TotalSeconds },
            cancellation);

    /// <summary>What came up to here is told, or nobody wants to hear it. Noted once a minute: what is read again is found to be told.</summary>
    public Task ReadUpToAsync(DateTimeOffset at, CancellationToken cancellation) =>
        source.ExecuteAsync("update orchestrator.messages_read set at = @at where at < @at - interval '1 minute'", new { at }, cancellation);

    /// <summary>Whether a message of that key was stored, told to anybody or not.</summary>
    public async Task<bool> IsToldAsync(string key, CancellationToken cancellation) =>
        await source.FirstAsync<bool>("select exists (select from orchestrator.messages where key = @key)", new { key }, cancellation);

    /// <summary>Stores it with its deliveries; none are no mistake: then it is told to nobody, and not looked at again.</summary>
    /// <returns>False = it was there already.</returns>
    public async Task<bool> AddAsync(NewMessage message, IReadOnlyCollection<(string Channel, DateTimeOffset DueAt)> deliveries, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(message);
        return await source.FirstAsync<int>(
            """
            with told as (
                insert into orchestrator.messages (key, topic, job_id, subject, title, text) values (@Key, @Topic, @job, @Subject, @Title, @Text)
                on conflict (key) do nothing returning id),
            sent as (
                insert into orchestrator.deliveries (message_id, channel, due_at)
                select told.id, d.channel, d.due_at from told, unnest(@channels, @dues) as d (channel, due_at))
            select count(*)::int from told
            """,
            new
            {
                message.Key, message.Topic, job = message.Job?.Value, message.Subject, Title = Sql.Clean(message.Title), Text = Sql.Clean(message.Text, LongestText),
                channels = deliveries.Select(delivery => delivery.Channel).ToArray(), dues = deliveries.Select(delivery => delivery.DueAt.UtcDateTime).ToArray(),
            },
            cancellation) == 1;
    }

    /// <summary>The next message of a channel, which no other server tries for <paramref name="lease"/>; null = none is due.</summary>
    public async Task<Message?> ClaimAsync(string channel, TimeSpan lease, CancellationToken cancellation) =>
        (await source.FirstAsync<MessageRow>(
            """
            with next as (
                update orchestrator.deliveries set due_at = clock_timestamp() + make_interval(secs => @lease), tries = tries + 1
                where channel = @channel and message_id = (
                    select message_id from orchestrator.deliveries
                    where channel = @channel and due_at <= clock_timestamp() and delivered_at is null and given_up_at is null
                    order by due_at, message_id limit 1 for update skip locked)
                returning message_id, tries)
            select m.id, m.at, m.topic, m.job_id as job, m.title, m.text, next.tries from next join orchestrator.messages m on m.id = next.message_id
            """,
            new { channel, lease = lease.TotalSeconds },
            cancellation))?.ToMessage();

    public Task DeliveredAsync(long message, string channel, CancellationToken cancellation) =>
        source.ExecuteAsync(
            "update orchestrator.deliveries set delivered_at = clock_timestamp(), trouble = null where message_id = @message and channel = @channel", new { message, channel }, cancellation);

    /// <param name="message">Which.</param>
    /// <param name="channel">Which of its deliveries.</param>
    /// <param name="trouble">What went wrong.</param>
    /// <param name="again">When it is tried again; null = never.</param>
    /// <param name="cancellation">Ends the call.</param>
    public Task FailedAsync(long message, string channel, string trouble, TimeSpan? again, CancellationToken cancellation) =>
        source.ExecuteAsync(
            """
            update orchestrator.deliveries set trouble = @trouble,
                due_at = clock_timestamp() + make_interval(secs => coalesce(@again, 0)), given_up_at = case when @again is null then clock_timestamp() end
            where message_id = @message and channel = @channel
            """,
            new { message, channel, trouble = Sql.Clean(trouble), again = again?.TotalSeconds },
            cancellation);

    /// <summary>Channels whose newest tried message did not get through, with what went wrong.</summary>
    public async Task<ImmutableDictionary<string, string>> TroublesAsync(CancellationToken cancellation) =>
        (await source.ListAsync<TroubleRow>(
            "select distinct on (channel) channel, trouble from orchestrator.deliveries where tries > 0 and (delivered_at is not null or trouble is not null) order by channel, message_id desc",
            null,
            cancellation)).Where(row => row.Trouble is not null).ToImmutableDictionary(row => row.Channel, row => row.Trouble!, StringComparer.Ordinal);

    private static JobEvent? Read(string body)
    {
        try
        {
            return StoredJson.Event(body);
        }
        catch (JsonException)
        {
            // A release that is newer wrote it: one event's alone, which must not hide those behind it.
            return null;
        }
    }

    private sealed record NewsRow
    {
        public long Job { get; init; }

        public long Seq { get; init; }

        public DateTimeOffset At { get; init; }

        public string Body { get; init; } = "";
    }

    private sealed record AwayRow
    {
        public long Job { get; init; }

        public int Attempt { get; init; }

        public DateTimeOffset Since { get; init; }

        public string Why { get; init; } = "";
    }

    private sealed record TroubleRow
    {
        public string Channel { get; init; } = "";

        public string? Trouble { get; init; }
    }

    private sealed record MessageRow
    {
        public long Id { get; init; }

        public DateTimeOffset At { get; init; }

        public string Topic { get; init; } = "";

        public long? Job { get; init; }

        public string Title { get; init; } = "";

        public string Text { get; init; } = "";

        public int Tries { get; init; }

        public Message ToMessage() => new() { Id = Id, At = At, Topic = Topic, Job = Job is { } job ? new JobId(job) : null, Title = Title, Text = Text, Tries = Tries - 1 };
    }
}
