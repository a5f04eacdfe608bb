using System.Text.Json;
using Npgsql;
using Orchestrator.Jobs;
using Orchestrator.Reconciling;
using Orchestrator.Spending;

namespace Orchestrator.Engine.Store;

/// <summary>What the server's limits leave, by the books of all jobs.</summary>
public sealed class RoomStore(NpgsqlDataSource source)
{
    // Any number that no other lock of ours has, as long as all releases agree on it.
    private const long LockKey = 7_164_295_301_579;

    /// <param name="limits">In force.</param>
    /// <param name="job">Whose room it is; null = of a job that is still to be submitted.</param>
    /// <param name="cancellation">Ends the query.</param>
    /// <returns>Null = there are no limits.</returns>
    public async Task<Room?> LookAsync(ServerLimits limits, JobId? job, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(limits);
        if (!limits.Any)
        {
            return null;
        }

        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var ahead = await transaction.ListAsync<StateRow>(
            """
            select j.id, j.state::text as state, clock_timestamp() as now
            from orchestrator.jobs j
            where j.room_micros is not null and j.ended_at is null and (-j.priority, j.id) < (-coalesce((select own.priority from orchestrator.jobs own where own.id = @job), 0), @job)
            order by j.id
            """,
            new { job = job?.Value ?? long.MaxValue },
            cancellation);
        return await LookAsync(transaction, limits, job, [.. ahead.SelectMany(Wanted)], cancellation);
    }

    /// <summary>Whether the plan of an attempt still fits; nobody else can plan one before the transaction has ended.</summary>
    internal static async Task<bool> IsThereRoomAsync(NpgsqlTransaction transaction, ServerLimits limits, JobState after, AttemptPlanned planned, DateTimeOffset now, CancellationToken cancellation)
    {
        // A server that freezes in here would keep every other one from renting: PostgreSQL ends its transaction.
        await transaction.ExecuteAsync("set local idle_in_transaction_session_timeout = '10s'", null, cancellation);
        await transaction.ExecuteAsync("select pg_advisory_xact_lock(@key)", new { key = LockKey }, cancellation);
        var room = await LookAsync(transaction, limits, after.Id, [], cancellation);
        var own = after with { Attempts = [.. after.Attempts.Where(attempt => attempt.Number != planned.Attempt)] };
        return room.LeftTo(own, now).FitsAt(planned.Offer.Provider, planned.Offer.PerHour);
    }

    private static async Task<Room> LookAsync(NpgsqlTransaction transaction, ServerLimits limits, JobId? but, RoomWanted[] ahead, CancellationToken cancellation)
    {
        // Of what lives nothing but its job's state knows all that is billed.
        var rows = await transaction.ListAsync<StateRow>(
            """
            select j.id, j.state::text as state, array_agg(a.provider) as providers, array_agg(a.price_micros) as prices, clock_timestamp() as now
            from orchestrator.jobs j
            join orchestrator.attempts a on a.job_id = j.id and a.launch_sent_at is not null and a.ended_at is null
            where j.id <> @but
            group by j.id
            """,
            new { but = but?.Value ?? 0 },
            cancellation);

        // What ended earlier than a week ago is in no week that is still to come.
        var ended = !limits.LooksBack ? [] : await transaction.ListAsync<EndedRow>(
            """
            select a.job_id as job, a.provider, a.planned_at as since, coalesce(i.destroyed_at, a.ended_at) as until, a.cost_micros as cost, clock_timestamp() as now
            from orchestrator.attempts a
            left join orchestrator.instances i on i.job_id = a.job_id and i.attempt = a.attempt and not i.extra
            where a.launch_sent_at is not null and a.ended_at > clock_timestamp() - interval '7 days'
              and a.job_id <> @but and not (a.job_id = any(@states))
            """,
            new { but = but?.Value ?? 0, states = rows.ConvertAll(row => row.Id).ToArray() },
            cancellation);
        return Room.Of(limits, [.. rows.SelectMany(Live), .. ended.Select(row => row.ToRental())], ahead);
    }

    private static IEnumerable<RoomWanted> Wanted(StateRow row) =>
        Read(row) is { RoomWait: { } wait } job && !wait.Limit.StartsWith(RoomWait.OfAccounts, StringComparison.Ordinal) ? [new RoomWanted(job.Id, wait.PricePerHour, job.MostToComeAt(row.Now))] : [];

    /// <summary>A job that nobody here can read (a newer release wrote it) must not keep the others from renting: the columns say the most of it.</summary>
    private static IEnumerable<Rental> Live(StateRow row) => Read(row) is { } job
        ? Rental.Of(job, row.Now)
        : row.Providers.Zip(row.Prices, (provider, price) => new Rental(new JobId(row.Id), new RoomUse(new(price), Rental.MostInWeek(new(price), null), 1), provider));

    private static JobState? Read(StateRow row)
    {
        try
        {
            return StoredJson.State(row.State);
        }
        catch (Exception unreadable) when (unreadable is JsonException or NotSupportedException or InvalidOperationException)
        {
            return null;
        }
    }

    private sealed record StateRow
    {
        public long Id { get; init; }

        public string[] Providers { get; init; } = [];

        public long[] Prices { get; init; } = [];

        public string State { get; init; } = "";

        public DateTimeOffset Now { get; init; }
    }

    private sealed record EndedRow
    {
        public long Job { get; init; }

        public string Provider { get; init; } = "";

        public DateTimeOffset Since { get; init; }

        public DateTimeOffset Until { get; init; }

        public long Cost { get; init; }

        public DateTimeOffset Now { get; init; }

        public Rental ToRental() => Rental.Ended(new(Job), Provider, new(Cost), Since, Until, Now);
    }
}
