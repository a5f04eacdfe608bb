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
        var ahead = await transaction.ListAsync<WantedRow>(
            """
            select j.id as job, j.room_micros as price, j.budget_micros as budget,
                (select coalesce(sum(a.cost_micros), 0)::bigint from orchestrator.attempts a where a.job_id = j.id) as spent
            from orchestrator.jobs j
            where j.room_micros is not null and j.ended_at is null and j.id < @job
            order by j.id
            """,
            new { job = job?.Value ?? long.MaxValue },
            cancellation);
        return await LookAsync(transaction, limits, job, [.. ahead.Select(row => new RoomWanted(new(row.Job), new(row.Price), Left(row.Budget, row.Spent)))], cancellation);
    }

    /// <summary>Whether the plan of an attempt still fits; nobody else can plan one before the transaction has ended.</summary>
    internal static async Task<bool> IsThereRoomAsync(NpgsqlTransaction transaction, ServerLimits limits, JobState after, AttemptPlanned planned, DateTimeOffset now, CancellationToken cancellation)
    {
        // A server that freezes in here would keep every other one from renting: PostgreSQL ends its transaction.
        await transaction.ExecuteAsync("set local idle_in_transaction_session_timeout = '10s'", null, cancellation);
        await transaction.ExecuteAsync("select pg_advisory_xact_lock(@key)", new { key = LockKey }, cancellation);
        var room = await LookAsync(transaction, limits, after.Id, [], cancellation);
        var own = after with { Attempts = [.. after.Attempts.Where(attempt => attempt.Number != planned.Attempt)] };
        return room.For(RoomUse.Of(Rental.Of(own, now), now), Rental.Left(own, now)).Fits(planned.Offer.PricePerHour);
    }

    private static async Task<Room> LookAsync(NpgsqlTransaction transaction, ServerLimits limits, JobId? but, RoomWanted[] ahead, CancellationToken cancellation)
    {
        // What ended earlier than a week ago is in no week that is still to come.
        var rows = await transaction.ListAsync<RentalRow>(
            """
            select a.job_id as job, a.price_micros as price, a.planned_at as since, coalesce(i.destroyed_at, a.ended_at) as until,
                a.ended_at is not null as ended, a.cost_micros as cost, j.budget_micros as budget,
                (select count(*) from orchestrator.instances x
                    where x.job_id = a.job_id and x.attempt = a.attempt and x.extra and x.destroyed_at is null)::int as extras,
                (select coalesce(sum(e.cost_micros), 0)::bigint from orchestrator.attempts e where e.job_id = a.job_id) as spent,
                clock_timestamp() as now
            from orchestrator.attempts a
            join orchestrator.jobs j on j.id = a.job_id
            left join orchestrator.instances i on i.job_id = a.job_id and i.attempt = a.attempt and not i.extra
            where a.launch_sent_at is not null and a.job_id <> @but
              and (a.ended_at is null or (@weekly and a.ended_at > clock_timestamp() - interval '7 days'))
            """,
            new { but = but?.Value ?? 0, weekly = limits.MaxWeekly is not null },
            cancellation);
        var now = rows is [{ Now: var at }, ..] ? at : default;
        var rentals = rows.ConvertAll(row => row.ToRental());

        // The books know what ended attempts have cost; of live ones it is computed.
        var running = rentals.Where(rental => rental.FinalCost is null).ToLookup(rental => rental.Job, rental => rental.CostSince(DateTimeOffset.MinValue, now).MicroDollars);
        return Room.Of(
            limits,
            rentals.ConvertAll(rental => rental.BudgetLeft is { } left ? rental with { BudgetLeft = new Money(Math.Max(0, left.MicroDollars - running[rental.Job].Sum())) } : rental),
            ahead,
            now);
    }

    private static Money? Left(long? budget, long spent) => budget is { } most ? new Money(Math.Max(0, most - spent)) : null;

    private sealed record WantedRow
    {
        public long Job { get; init; }

        public long Price { get; init; }

        public long? Budget { get; init; }

        public long Spent { get; init; }
    }

    private sealed record RentalRow
    {
        public long Job { get; init; }

        public long Price { get; init; }

        public DateTimeOffset Since { get; init; }

        public DateTimeOffset? Until { get; init; }

        public bool Ended { get; init; }

        public long Cost { get; init; }

        public long? Budget { get; init; }

        public int Extras { get; init; }

        public long Spent { get; init; }

        public DateTimeOffset Now { get; init; }

        public Rental ToRental() => new()
        {
            Job = new(Job),
            PricePerHour = new(Price),
            From = Since,
            Until = Until,
            Extras = Extras,
            FinalCost = Ended ? new Money(Cost) : null,
            BudgetLeft = Left(Budget, Spent),
        };
    }
}
