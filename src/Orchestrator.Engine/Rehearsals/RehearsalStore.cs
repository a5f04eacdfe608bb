using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Npgsql;
using Orchestrator.Engine.Store;
using Orchestrator.Jobs;
using Orchestrator.Rehearsals;

namespace Orchestrator.Engine.Rehearsals;

/// <summary>Rehearsals and what they stamped. Who follows one holds its claim; the job beside it belongs to its ticks alone.</summary>
public sealed class RehearsalStore(NpgsqlDataSource source)
{
    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    private const string Columns = "job_id as job, name, stamp::text as stamp, record::text as record, figures::text as figures, ended_at as endedat";

    /// <summary>Those that say whether the trainer goes on; that money, offers or patience ended says nothing of it.</summary>
    private static readonly string[] _telling =
    [
        nameof(RehearsalOutcome.WeekendReady), nameof(RehearsalOutcome.StartedAnew), nameof(RehearsalOutcome.LossJumps), nameof(RehearsalOutcome.NoProgress), nameof(RehearsalOutcome.TrainerFailed),
    ];

    private const string Select = $"select {Columns} from orchestrator.rehearsals";

    /// <summary>With the job, in the transaction that submits it.</summary>
    internal static Task BeginAsync(NpgsqlTransaction transaction, JobId job, NewRehearsal rehearsal, CancellationToken cancellation) =>
        transaction.ExecuteAsync(
            "insert into orchestrator.rehearsals (job_id, name, stamp, record) values (@job, @Name, @stamp::json, @record::json)",
            new { job = job.Value, rehearsal.Name, stamp = Write(rehearsal.Stamp), record = Write(new RehearsalRecord()) },
            cancellation);

    /// <summary>The first after <paramref name="after"/> that goes on and that nobody else looks at, for <paramref name="duration"/>; null = there is none.</summary>
    public async Task<RehearsalRow?> ClaimAsync(JobId after, TimeSpan duration, CancellationToken cancellation)
    {
        var row = await source.FirstAsync<Row>(
            $"""
            update orchestrator.rehearsals r set lease_until = clock_timestamp() + make_interval(secs => @seconds)
            where job_id in (
                select job_id from orchestrator.rehearsals where ended_at is null and job_id > @after and (lease_until is null or lease_until <= clock_timestamp())
                order by job_id limit 1 for update skip locked)
            returning {Columns}
            """,
            new { after = after.Value, seconds = duration.TotalSeconds },
            cancellation);
        return row?.Read();
    }

    /// <summary>Anybody may look at it now.</summary>
    public Task ReleaseAsync(JobId job, CancellationToken cancellation) =>
        source.ExecuteAsync("update orchestrator.rehearsals set lease_until = null where job_id = @job", new { job = job.Value }, cancellation);

    public Task SaveAsync(JobId job, RehearsalRecord record, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(record);
        return source.ExecuteAsync(
            "update orchestrator.rehearsals set record = @record::json, killed = @killed where job_id = @job and ended_at is null",
            new { job = job.Value, record = Write(record), killed = record.Kill?.Attempt },
            cancellation);
    }

    public Task EndAsync(JobId job, RehearsalOutcome outcome, RehearsalFigures? figures, CancellationToken cancellation) =>
        source.ExecuteAsync(
            "update orchestrator.rehearsals set outcome = @outcome, figures = @figures::json, ended_at = clock_timestamp() where job_id = @job and ended_at is null",
            new { job = job.Value, outcome = outcome.ToString(), figures = figures is null ? null : Write(figures) },
            cancellation);

    /// <summary>Null = that job is no rehearsal.</summary>
    public async Task<RehearsalRow?> FindAsync(JobId job, CancellationToken cancellation) =>
        (await source.FirstAsync<Row>(Select + " where job_id = @job", new { job = job.Value }, cancellation))?.Read();

    /// <summary>The newest one that made jobs of the name weekend-ready; null = none did, or a later one has shown that they are not any more.</summary>
    public async Task<RehearsalRow?> NewestReadyAsync(string name, CancellationToken cancellation) =>
        (await source.FirstAsync<Row>(
            $"""
            {Select} where outcome = @ready and job_id =
                (select job_id from orchestrator.rehearsals where name = @name and outcome = any(@telling) order by ended_at desc limit 1)
            """,
            new { name, telling = _telling, ready = nameof(RehearsalOutcome.WeekendReady) },
            cancellation))?.Read();

    /// <summary>What the attempts' trainers say now.</summary>
    public async Task<ImmutableArray<RehearsalPoint>> PointsAsync(JobId job, CancellationToken cancellation)
    {
        var rows = await source.ListAsync<PointRow>(
            // When the step was told: anything else that is heard in between moves only the other instant, and a pace is figured from these.
            """
            select attempt, step, total_steps as total, metrics::text as metrics, coalesce(progress_at, last_heard_at, clock_timestamp()) as at
            from orchestrator.channels where job_id = @job and step is not null order by attempt
            """,
            new { job = job.Value },
            cancellation);
        return [.. rows.Select(row => new RehearsalPoint(row.Attempt, row.Step, row.Total, row.Metrics is null ? null : RehearsalPoint.LossOf(JsonSerializer.Deserialize<Dictionary<string, double>>(row.Metrics)!), row.At))];
    }

    /// <summary>When the attempt's host had answered; null = it never did.</summary>
    public Task<DateTimeOffset?> ReadyAtAsync(JobId job, int attempt, CancellationToken cancellation) => source.FirstAsync<DateTimeOffset?>(
        """
        select min(at) from orchestrator.job_events
        where job_id = @job and kind = 'phase-entered.1' and (body ->> 'attempt')::int = @attempt and body ->> 'phase' = 'Checking'
        """,
        new { job = job.Value, attempt },
        cancellation);

    private static string Write<T>(T value) => JsonSerializer.Serialize(value, _json);

    private sealed record Row
    {
        public long Job { get; init; }

        public string Name { get; init; } = "";

        public string Stamp { get; init; } = "";

        public string Record { get; init; } = "";

        public string? Figures { get; init; }

        public DateTimeOffset? EndedAt { get; init; }

        internal RehearsalRow Read() => new(
            new JobId(Job),
            Name,
            JsonSerializer.Deserialize<ImmutableSortedDictionary<string, string>>(Stamp, _json)!,
            JsonSerializer.Deserialize<RehearsalRecord>(Record, _json)!,
            Figures is null ? null : JsonSerializer.Deserialize<RehearsalFigures>(Figures, _json),
            EndedAt);
    }

    private sealed record PointRow
    {
        public int Attempt { get; init; }

        public long Step { get; init; }

        public long? Total { get; init; }

        public string? Metrics { get; init; }

        public DateTimeOffset At { get; init; }
    }
}
