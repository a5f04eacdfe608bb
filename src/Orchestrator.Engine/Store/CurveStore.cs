using System.Collections.Immutable;
using System.Text.Json;
using Npgsql;
using Orchestrator.Engine.Store.Views;
using Orchestrator.Jobs;

namespace Orchestrator.Engine.Store;

/// <summary>What pages draw, and whether anything that they show has changed. Nothing is decided from it.</summary>
public sealed class CurveStore(NpgsqlDataSource source)
{
    /// <summary>All samples of the job, oldest first; at most <paramref name="most"/>, evenly chosen.</summary>
    public async Task<ImmutableArray<ProgressSample>> OfJobAsync(JobId job, int most, CancellationToken cancellation)
    {
        var rows = await source.ListAsync<Row>(
            """
            with numbered as (
                select attempt, at, step, metrics, row_number() over (order by at, attempt) - 1 as number, count(*) over () as all_of_them,
                       lead(attempt) over (order by at, attempt) is distinct from attempt as last
                from orchestrator.progress where job_id = @job)
            select attempt, at, step, metrics::text as metrics from numbered
            where last or number % greatest(1, (all_of_them + @most - 1) / @most) = 0
            order by at, attempt
            """,
            new { job = job.Value, most },
            cancellation);
        return [.. rows.Select(row => new ProgressSample(row.Attempt, row.At, row.Step, row.Metrics is null ? ImmutableSortedDictionary<string, double>.Empty : JsonSerializer.Deserialize<ImmutableSortedDictionary<string, double>>(row.Metrics)!))];
    }

    /// <summary>A word that is another one once anything of the job has changed; of all living jobs and alerts where none is named. Only what lives is read: there is an index for that.</summary>
    public async Task<string> MarkAsync(JobId? job, CancellationToken cancellation) => await source.FirstAsync<string>(
        job is null
            ? """
              with live as materialized (select id, seq from orchestrator.jobs where phase not in ('Succeeded', 'Failed', 'Cancelled', 'DeadlineMissed'))
              select (select concat_ws(',', max(id), sum(seq), count(*)) from live)
                || ';' || (select concat_ws(',', max(id), max(ended_at)) from orchestrator.jobs)
                || ';' || (select concat_ws(',', sum(c.step)) from live join orchestrator.channels c on c.job_id = live.id)
                || ';' || (select concat_ws(',', (select max(id) from orchestrator.alerts), count(*)) from orchestrator.alerts where resolved_at is null and dismissed_at is null)
              """
            : """
              select (select concat_ws(',', seq, phase) from orchestrator.jobs where id = @job)
                || ';' || (select concat_ws(',', sum(step), sum(log_offset)) from orchestrator.channels where job_id = @job)
              """,
        new { job = job?.Value },
        cancellation) ?? "";

    private sealed record Row
    {
        public int Attempt { get; init; }

        public DateTimeOffset At { get; init; }

        public long Step { get; init; }

        public string? Metrics { get; init; }
    }
}
