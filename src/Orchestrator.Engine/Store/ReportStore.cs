using System.Collections.Immutable;
using System.Text.Json;
using Npgsql;
using Orchestrator.Engine.Reports;
using Orchestrator.Engine.Store.Views;
using Orchestrator.Jobs;
using Orchestrator.Reconciling;

namespace Orchestrator.Engine.Store;

/// <summary>What only reports ask for.</summary>
public sealed class ReportStore(NpgsqlDataSource source)
{
    /// <summary>Jobs that lived at some time of the period, as they stood at its end; and the numbers of those that cannot be read.</summary>
    public async Task<(ImmutableArray<JobFact> Jobs, ImmutableArray<long> Unreadable)> JobsAsync(ReportPeriod period, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(period);
        var rows = await source.ListAsync<JobRow>(
            """
            select j.id, j.state::text as state, case when j.ended_at <= @To then j.ended_at end as endedat, j.batch_id as batch, b.name as batchname, j.batch_number as number, j.cell, b.budget_micros as budget,
                exists (select from orchestrator.rehearsals r where r.job_id = j.id) as isrehearsal,
                exists (select from orchestrator.job_events e where e.job_id = j.id and e.at > @To) as wenton
            from orchestrator.jobs j left join orchestrator.batches b on b.id = j.batch_id
            where j.submitted_at <= @To and (j.ended_at is null or j.ended_at > @From)
            order by j.id
            """,
            new { period.From, period.To },
            cancellation);
        var ids = rows.Select(row => row.Id).ToArray();
        var saved = (await source.ListAsync<SavedRow>(
            """
            select job_id as job, attempt, count(*)::int as count, max(reported_at) as lastat from orchestrator.checkpoints
            where job_id = any(@ids) and attempt > 0 and reported_at <= @To and status in ('verified', 'retired', 'deleted') group by job_id, attempt
            """,
            new { ids, period.To },
            cancellation)).ToLookup(row => row.Job);
        var metrics = (await source.ListAsync<MetricsRow>(
            "select distinct on (job_id) job_id as job, metrics::text as metrics from orchestrator.channels where job_id = any(@ids) and metrics is not null order by job_id, attempt desc",
            new { ids },
            cancellation)).ToDictionary(row => row.Job, row => row.Metrics);
        var (jobs, unreadable) = (ImmutableArray.CreateBuilder<JobFact>(), ImmutableArray.CreateBuilder<long>());
        foreach (var row in rows)
        {
            try
            {
                jobs.Add(new JobFact
                {
                    State = row.WentOn ? await AsOfAsync(row.Id, period.To, cancellation) : StoredJson.State(row.State),
                    EndedAt = row.EndedAt,
                    Batch = row is { Batch: { } batch, BatchName: { } name, Number: { } number } ? new BatchPart(batch, name, number, row.Cell, Dollars(row.Budget)) : null,
                    IsRehearsal = row.IsRehearsal,
                    Metrics = metrics.TryGetValue(row.Id, out var text) ? JsonSerializer.Deserialize<ImmutableSortedDictionary<string, double>>(text)! : ImmutableSortedDictionary<string, double>.Empty,
                    Saved = saved[row.Id].ToImmutableDictionary(one => one.Attempt, one => new SavedFact(one.Count, one.LastAt)),
                });
            }
            catch (JsonException)
            {
                // A newer release wrote it: one job's alone, and the report says how many there are.
                unreadable.Add(row.Id);
            }
        }

        return (jobs.ToImmutable(), unreadable.ToImmutable());
    }

    /// <summary>The batches of these jobs.</summary>
    public async Task<ImmutableArray<BatchFact>> BatchesAsync(IEnumerable<long> ids, CancellationToken cancellation) =>
    [
        .. (await source.ListAsync<BatchRow>(
            "select id, name, budget_micros as budget, canary from orchestrator.batches where id = any(@ids) order by id", new { ids = ids.Distinct().ToArray() }, cancellation))
            .Select(row => new BatchFact(row.Id, row.Name, Dollars(row.Budget), row.Canary)),
    ];

    /// <summary>What is left at each place now; machines of one's own only where something is.</summary>
    public async Task<ImmutableArray<PlaceFact>> PlacesAsync(CancellationToken cancellation) =>
    [
        .. (await source.ListAsync<PlaceRow>(
            """
            with held as (
                select provider, phase = 'Terminating' as owed from orchestrator.attempts where launch_sent_at is not null and ended_at is null
                union all
                select provider, true from orchestrator.instances where extra and destroyed_at is null)
            select p.provider, a.listed_at as checkedat,
                (select count(*) from held where held.provider = p.provider and not owed)::int as live,
                (select count(*) from held where held.provider = p.provider and owed)::int as owed,
                (select count(*) from orchestrator.orphans o where o.provider = p.provider)::int as orphans
            from (select provider from orchestrator.accounts union select provider from held union select provider from orchestrator.orphans) p
            left join orchestrator.accounts a on a.provider = p.provider
            order by p.provider
            """,
            null,
            cancellation)).Select(row => new PlaceFact(row.Provider, row.CheckedAt, row.Live, row.Owed, row.Orphans)),
    ];

    /// <summary>Up to the first event that came later: events are folded without a gap, or not at all.</summary>
    private async Task<JobState> AsOfAsync(long job, DateTimeOffset at, CancellationToken cancellation) =>
        (await source.ListAsync<string>(
            "select body::text from orchestrator.job_events where job_id = @job and seq < (select min(seq) from orchestrator.job_events where job_id = @job and at > @at) order by seq", new { job, at }, cancellation))
            .Select(StoredJson.Event).Aggregate(new JobState(), Kernel.Apply);

    private static Money? Dollars(long? micros) => micros is { } known ? new Money(known) : null;

    private sealed record JobRow
    {
        public long Id { get; init; }

        public string State { get; init; } = "";

        public DateTimeOffset? EndedAt { get; init; }

        public long? Batch { get; init; }

        public string? BatchName { get; init; }

        public int? Number { get; init; }

        public string? Cell { get; init; }

        public long? Budget { get; init; }

        public bool IsRehearsal { get; init; }

        public bool WentOn { get; init; }
    }

    private sealed record SavedRow
    {
        public long Job { get; init; }

        public int Attempt { get; init; }

        public int Count { get; init; }

        public DateTimeOffset LastAt { get; init; }
    }

    private sealed record MetricsRow
    {
        public long Job { get; init; }

        public string Metrics { get; init; } = "";
    }

    private sealed record BatchRow
    {
        public long Id { get; init; }

        public string Name { get; init; } = "";

        public long? Budget { get; init; }

        public int Canary { get; init; }
    }

    private sealed record PlaceRow
    {
        public string Provider { get; init; } = "";

        public DateTimeOffset? CheckedAt { get; init; }

        public int Live { get; init; }

        public int Owed { get; init; }

        public int Orphans { get; init; }
    }
}
