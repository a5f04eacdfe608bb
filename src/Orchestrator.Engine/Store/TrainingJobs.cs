using System.Collections.Immutable;
using System.Text.Json;
using Npgsql;
using Orchestrator.Engine.Specs;
using Orchestrator.Jobs;

namespace Orchestrator.Engine.Store;

/// <summary>Jobs with checkpoints that train.</summary>
public sealed class TrainingJobs(NpgsqlDataSource source)
{
    /// <summary>So long after it was attached to an agent has told what it stored before.</summary>
    private static readonly TimeSpan _told = TimeSpan.FromMinutes(2);

    public async Task<ImmutableArray<TrainingJob>> ListAsync(CancellationToken cancellation)
    {
        var rows = await source.ListAsync<Row>(
            """
            select j.id as job, j.state::text as state, j.spec::text as spec, now() as now,
                coalesce(c.connected and c.last_heard_at > now() - make_interval(secs => @told) and c.listening_since < now() - make_interval(secs => @told), false) as isheard
            from orchestrator.jobs j
            join orchestrator.attempts a on a.job_id = j.id and a.ended_at is null and a.phase = 'Running' and a.started_at is not null
            left join orchestrator.channels c on c.job_id = j.id and c.attempt = a.attempt
            where j.ended_at is null and j.spec #>> '{spec,checkpoints}' is not null
            order by j.id
            """,
            new { told = _told.TotalSeconds },
            cancellation);
        var stored = (await source.ListAsync<StoredRow>(
            """
            select k.job_id as job, k.reported_at as at from orchestrator.checkpoints k
            where k.job_id = any(@ids) and k.status in ('verified', 'retired', 'deleted')
              and k.attempt = (select max(attempt) from orchestrator.attempts a where a.job_id = k.job_id)
            order by k.reported_at
            """,
            new { ids = rows.Select(row => row.Job).ToArray() },
            cancellation)).ToLookup(row => row.Job, row => row.At);
        return [.. rows.Select(row => Read(row, [.. stored[row.Job]]))];
    }

    private static TrainingJob Read(Row row, ImmutableArray<DateTimeOffset> stored)
    {
        try
        {
            return new(new JobId(row.Job), StoredJson.State(row.State), StoredSpec.Parse(row.Spec).Spec.Checkpoints, stored, row.IsHeard, row.Now);
        }
        catch (Exception unreadable) when (unreadable is JsonException or NotSupportedException or InvalidDataException)
        {
            // One job's alone: it must not keep the others from being told of.
            return new(new JobId(row.Job), null, null, stored, row.IsHeard, row.Now);
        }
    }

    private sealed record Row
    {
        public long Job { get; init; }

        public string State { get; init; } = "";

        public string Spec { get; init; } = "";

        public DateTimeOffset Now { get; init; }

        public bool IsHeard { get; init; }
    }

    private sealed record StoredRow
    {
        public long Job { get; init; }

        public DateTimeOffset At { get; init; }
    }
}
