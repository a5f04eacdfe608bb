using Npgsql;
using Orchestrator.Jobs;

namespace Orchestrator.Engine.Store;

/// <summary>What the sweep clears away, in small pieces, so that no statement holds anybody up.</summary>
public sealed class UpkeepStore(NpgsqlDataSource source)
{
    /// <summary>Rows one statement deletes.</summary>
    private const int Batch = 5000;

    /// <summary>Ended attempts whose unfinished uploads have not been aborted. Attempts that were never launched here have none of ours.</summary>
    public async Task<IReadOnlyList<(JobId Job, int Attempt)>> EndedUploadsAsync(int limit, CancellationToken cancellation) =>
    [
        .. (await source.ListAsync<AttemptRow>(
            """
            select job_id as job, attempt from orchestrator.attempts
            where ended_at is not null and uploads_aborted_at is null and launch_sent_at is not null order by job_id, attempt limit @limit
            """,
            new { limit },
            cancellation)).Select(row => (new JobId(row.Job), row.Attempt)),
    ];

    public Task UploadsAbortedAsync(JobId job, int attempt, CancellationToken cancellation) =>
        source.ExecuteAsync(
            "update orchestrator.attempts set uploads_aborted_at = now() where job_id = @job and attempt = @attempt", new { job = job.Value, attempt }, cancellation);

    /// <summary>Drops handled inbox rows, absences of ours, free times of instances whose cost is frozen, and tick records, agent events and curves of jobs that have ended, older than <paramref name="age"/>.</summary>
    /// <returns>Rows deleted.</returns>
    public async Task<int> PruneHistoryAsync(TimeSpan age, CancellationToken cancellation)
    {
        var arguments = new { age = age.TotalSeconds, batch = Batch };
        var rows = await source.ExecuteAsync(
            "delete from orchestrator.inbox where id in (select id from orchestrator.inbox where handled_at < now() - make_interval(secs => @age) limit @batch)", arguments, cancellation);
        rows += await source.ExecuteAsync(
            """
            delete from orchestrator.ticks where (job_id, seq_before) in (
                select t.job_id, t.seq_before from orchestrator.jobs j join orchestrator.ticks t on t.job_id = j.id
                where j.ended_at < now() - make_interval(secs => @age) limit @batch)
            """,
            arguments,
            cancellation);
        rows += await source.ExecuteAsync("delete from orchestrator.unattended where until < now() - make_interval(secs => @age)", arguments, cancellation);
        rows += await source.ExecuteAsync(
            "delete from orchestrator.firings where (series_id, at) in (select series_id, at from orchestrator.firings where job_id is null and settled_at < now() - make_interval(secs => @age) limit @batch)",
            arguments,
            cancellation);
        rows += await source.ExecuteAsync(
            """
            delete from orchestrator.progress where (job_id, attempt, at) in (
                select p.job_id, p.attempt, p.at from orchestrator.jobs j join orchestrator.progress p on p.job_id = j.id
                where j.ended_at < now() - make_interval(secs => @age) limit @batch)
            """,
            arguments,
            cancellation);
        // What a message told of must be older than what is looked for as news.
        rows += await source.ExecuteAsync(
            "delete from orchestrator.messages where id in (select id from orchestrator.messages where at < now() - greatest(make_interval(secs => @age), interval '7 days') limit @batch)", arguments, cancellation);
        rows += await source.ExecuteAsync(
            """
            delete from orchestrator.spared s where until_at < now() - make_interval(secs => @age)
              and not exists (select from orchestrator.instances i where i.provider = s.provider and i.instance_id = s.instance_id
                and not exists (select from orchestrator.metered m where m.job_id = i.job_id and m.attempt = i.attempt and m.instance_id = i.instance_id))
            """,
            arguments,
            cancellation);
        return rows + await source.ExecuteAsync(
            """
            delete from orchestrator.agent_events where (job_id, attempt, seq) in (
                select e.job_id, e.attempt, e.seq from orchestrator.jobs j join orchestrator.agent_events e on e.job_id = j.id
                where j.ended_at < now() - make_interval(secs => @age) limit @batch)
            """,
            arguments,
            cancellation);
    }

    /// <summary>Drops the oldest pieces of each log that is longer than <paramref name="most"/> bytes; its offsets stay as they are.</summary>
    /// <returns>Pieces deleted.</returns>
    public Task<int> PruneLogsAsync(long most, CancellationToken cancellation) =>
        source.ExecuteAsync(
            """
            delete from orchestrator.log_chunks where (job_id, attempt, start) in (
                select l.job_id, l.attempt, l.start from orchestrator.channels c join orchestrator.log_chunks l on l.job_id = c.job_id and l.attempt = c.attempt
                where c.log_offset > @most and l.start + octet_length(l.data) <= c.log_offset - @most limit @batch)
            """,
            new { most, batch = Batch },
            cancellation);

    private sealed record AttemptRow
    {
        public long Job { get; init; }

        public int Attempt { get; init; }
    }
}
