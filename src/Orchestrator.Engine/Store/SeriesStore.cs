using System.Text.Json;
using Npgsql;
using Orchestrator.Engine.Recurring;
using Orchestrator.Engine.Store.Views;
using Orchestrator.Jobs;

namespace Orchestrator.Engine.Store;

/// <summary>Series and what became of their instants.</summary>
public sealed class SeriesStore(NpgsqlDataSource source)
{
    private const int NewestFirings = 10;

    private const string Columns =
        "select id, name, owner, cron, zone, submitted_at as submittedat, due_at as dueat, trouble, stopped_at as stoppedat, stopped_by as stoppedby from orchestrator.series";

    /// <returns>Null where a live one has the name.</returns>
    public async Task<SeriesId?> SubmitAsync(NewSeries series, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(series);
        return await source.FirstAsync<long?>(
            """
            insert into orchestrator.series (name, owner, request, cron, zone, due_at) values (@Name, @owner, @request::json, @Cron, @Zone, @DueAt)
            on conflict (name) where stopped_at is null do nothing
            returning id
            """,
            new { series.Name, owner = series.Request.Owner, request = JsonSerializer.Serialize(series.Request, SubmitRequestJson.Default.SubmitRequest), series.Cron, series.Zone, series.DueAt },
            cancellation) is { } id ? new SeriesId(id) : null;
    }

    /// <summary>One of which an instant has come and that nobody else looks at; null = there is none.</summary>
    public async Task<DueSeries?> ClaimAsync(TimeSpan duration, CancellationToken cancellation)
    {
        var row = await source.FirstAsync<DueRow>(
            """
            update orchestrator.series s set lease_until = clock_timestamp() + make_interval(secs => @seconds)
            where id = (
                select id from orchestrator.series
                where stopped_at is null and due_at <= clock_timestamp() and (lease_until is null or lease_until <= clock_timestamp())
                order by due_at, id limit 1 for update skip locked)
            returning id, name, request::text as request, cron, zone, due_at as dueat, clock_timestamp() as now,
                (select max(j.id) from orchestrator.jobs j where j.series_id = s.id and j.ended_at is null) as live,
                (select j.phase from orchestrator.jobs j where j.series_id = s.id and j.ended_at is null order by j.id desc limit 1) as livephase
            """,
            new { seconds = duration.TotalSeconds },
            cancellation);
        return row is null ? null : new DueSeries
        {
            Id = new(row.Id),
            Name = row.Name,
            Request = JsonSerializer.Deserialize(row.Request, SubmitRequestJson.Default.SubmitRequest)!,
            Cron = row.Cron,
            Zone = row.Zone,
            DueAt = row.DueAt,
            Now = row.Now,
            Live = row.Live is { } live ? new(new JobId(live), row.LivePhase!.ToLowerInvariant()) : null,
        };
    }

    /// <summary>Settles an instant without a run. False = it is settled already, or the series was stopped.</summary>
    public async Task<bool> SkipAsync(Firing firing, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (!await SettleAsync(transaction, firing, null, cancellation))
        {
            return false;
        }

        await transaction.CommitAsync(cancellation);
        return true;
    }

    /// <summary>With the run, in the transaction that submits it. False = it is settled already, or the series was stopped.</summary>
    internal static async Task<bool> SettleAsync(NpgsqlTransaction transaction, Firing firing, JobId? job, CancellationToken cancellation)
    {
        // The row is locked from here on: whoever else settles it waits, and then finds another instant due.
        var settled = await transaction.ExecuteAsync(
            """
            update orchestrator.series set
                due_at = coalesce(@next, due_at), trouble = null, lease_until = null,
                stopped_at = case when @next::timestamptz is null then clock_timestamp() end, stopped_by = case when @next::timestamptz is null then 'its calendar' end
            where id = @series and due_at = @due and stopped_at is null
            """,
            new { series = firing.Series.Value, due = firing.Due, next = firing.Next },
            cancellation);
        return settled == 1 && await transaction.ExecuteAsync(
            "insert into orchestrator.firings (series_id, at, job_id, why) values (@series, @at, @job, @why) on conflict do nothing",
            new { series = firing.Series.Value, at = firing.At, job = job?.Value, why = Sql.Clean(firing.Why) },
            cancellation) == 1;
    }

    /// <summary>The run that is due could not be submitted; nobody tries it again before <paramref name="pause"/> is over. False = it is settled, or the series was stopped.</summary>
    public async Task<bool> TroubleAsync(SeriesId series, DateTimeOffset due, string text, TimeSpan pause, CancellationToken cancellation) =>
        await source.ExecuteAsync(
            """
            update orchestrator.series set trouble = @text, lease_until = clock_timestamp() + make_interval(secs => @seconds)
            where id = @id and due_at = @due and stopped_at is null
            """,
            new { id = series.Value, due, text = Sql.Clean(text), seconds = pause.TotalSeconds },
            cancellation) > 0;

    /// <summary>No run comes after this; those that live go on. False = it was stopped before, or there is none.</summary>
    public async Task<bool> StopAsync(SeriesId series, string by, CancellationToken cancellation) =>
        await source.ExecuteAsync(
            "update orchestrator.series set stopped_at = clock_timestamp(), stopped_by = @by where id = @id and stopped_at is null",
            new { id = series.Value, by = Sql.Clean(by) },
            cancellation) > 0;

    /// <summary>Those that are not stopped, by what comes first.</summary>
    public async Task<IReadOnlyList<SeriesView>> LiveAsync(CancellationToken cancellation) =>
        await source.ListAsync<SeriesView>(Columns + " where stopped_at is null order by due_at, id", null, cancellation);

    public Task<SeriesView?> FindAsync(SeriesId series, CancellationToken cancellation) =>
        source.FirstAsync<SeriesView>(Columns + " where id = @id", new { id = series.Value }, cancellation);

    /// <summary>The live one of this name.</summary>
    public Task<SeriesView?> OfNameAsync(string name, CancellationToken cancellation) =>
        source.FirstAsync<SeriesView>(Columns + " where name = @name and stopped_at is null", new { name = Sql.Clean(name) }, cancellation);

    /// <summary>The one that a job is a run of.</summary>
    public Task<SeriesView?> OfJobAsync(JobId job, CancellationToken cancellation) =>
        source.FirstAsync<SeriesView>(Columns + " where id = (select series_id from orchestrator.jobs where id = @id)", new { id = job.Value }, cancellation);

    /// <summary>Newest first.</summary>
    public async Task<IReadOnlyList<FiringView>> FiringsAsync(SeriesId series, CancellationToken cancellation) =>
        await source.ListAsync<FiringView>(
            """
            select f.at, f.job_id as job, f.why, j.phase from orchestrator.firings f left join orchestrator.jobs j on j.id = f.job_id
            where f.series_id = @id order by f.at desc limit @limit
            """,
            new { id = series.Value, limit = NewestFirings },
            cancellation);

    private sealed record DueRow
    {
        public long Id { get; init; }

        public string Name { get; init; } = "";

        public string Request { get; init; } = "";

        public string Cron { get; init; } = "";

        public string Zone { get; init; } = "";

        public DateTimeOffset DueAt { get; init; }

        public DateTimeOffset Now { get; init; }

        public long? Live { get; init; }

        public string? LivePhase { get; init; }
    }
}
