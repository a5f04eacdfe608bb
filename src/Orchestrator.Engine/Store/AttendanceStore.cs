using System.Collections.Immutable;
using Npgsql;
using Orchestrator.Reconciling;

namespace Orchestrator.Engine.Store;

/// <summary>The times in which none of our servers was there, by the database's clock.</summary>
public sealed class AttendanceStore(NpgsqlDataSource source)
{
    /// <summary>Of a server that comes and goes every minute, the newest absences are enough.</summary>
    private const int Most = 200;

    /// <summary>
    /// Says that a server is here. Where none was for longer than <paramref name="patience"/>, that is written down as a time
    /// nobody attended, once, whichever servers come back together.
    /// </summary>
    public async Task BeHereAsync(TimeSpan patience, CancellationToken cancellation) =>
        await source.ExecuteAsync(
            """
            with last as (
                select seen_at from orchestrator.attendance where one for update),
            here as (
                insert into orchestrator.attendance as a (one, seen_at) values (true, clock_timestamp())
                on conflict (one) do update set seen_at = greatest(a.seen_at, clock_timestamp()))
            insert into orchestrator.unattended (since, until)
            select seen_at, clock_timestamp() from last where seen_at < clock_timestamp() - make_interval(secs => @patience)
            on conflict (since) do nothing
            """,
            new { patience = patience.TotalSeconds },
            cancellation);

    /// <summary>Oldest first.</summary>
    /// <param name="isAway">With the time since a server was last here: it has not come back yet.</param>
    /// <param name="cancellation">Ends the call.</param>
    public async Task<ImmutableArray<UnattendedTime>> UnattendedAsync(bool isAway, CancellationToken cancellation) =>
    [
        .. (await source.ListAsync<UnattendedRow>(
            """
            (select since, until from orchestrator.unattended order by since desc limit @Most)
            union all select seen_at, clock_timestamp() from orchestrator.attendance where @isAway
            """,
            new { Most, isAway },
            cancellation))
            .OrderBy(row => row.Since).Select(row => new UnattendedTime(row.Since, row.Until)),
    ];

    /// <summary>
    /// Whether more than a row that stands there already can be written: on a full disk those still succeed. A quarter of a megabyte
    /// that does not compress, in a table that nobody sees.
    /// </summary>
    public async Task<bool> CanWriteAsync(CancellationToken cancellation)
    {
        try
        {
            await using var connection = await source.OpenConnectionAsync(cancellation);
            await using var transaction = await connection.BeginTransactionAsync(cancellation);
            await transaction.ExecuteAsync(
                "create temporary table write_probe on commit drop as select string_agg(md5(random()::text), '') filler from generate_series(1, 128), generate_series(1, 64) row group by row",
                null,
                cancellation);
            await transaction.CommitAsync(cancellation);
            return true;
        }
        catch (PostgresException refused) when (!refused.IsTransient && refused.SqlState is not (PostgresErrorCodes.DiskFull or PostgresErrorCodes.IoError))
        {
            // Not for want of room (a role that may make no temporary tables): the next thing that is heard tells.
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private sealed record UnattendedRow
    {
        public DateTimeOffset Since { get; init; }

        public DateTimeOffset Until { get; init; }
    }
}
