using Npgsql;
using Orchestrator.Providers;
using Orchestrator.Providers.Http;

namespace Orchestrator.Engine.Store;

/// <summary>
/// Request limits that all our servers share: each request takes its place in PostgreSQL, by PostgreSQL's clock, and waits for it
/// here (the generic cell rate algorithm). A server that dies while it waits leaves its place unused, which errs on the safe side.
/// </summary>
public sealed class RequestPacer(NpgsqlDataSource source, TimeProvider time) : IRequestPacer
{
    /// <summary>Beyond what a burst may take; holds are shorter, and so is every caller's patience.</summary>
    private static readonly TimeSpan _longestQueue = TimeSpan.FromMinutes(10);

    public async Task WaitAsync(string account, IReadOnlyList<PaceLane> lanes, TimeSpan patience, CancellationToken cancellation)
    {
        var wait = TimeSpan.Zero;
        try
        {
            await using var connection = await source.OpenConnectionAsync(cancellation);
            await using var transaction = await connection.BeginTransactionAsync(cancellation);
            // In one order, so that two requests with several lanes never wait for each other.
            foreach (var lane in lanes.OrderBy(lane => lane.Name, StringComparer.Ordinal))
            {
                var place = await TakeAsync(transaction, account, lane, cancellation);
                wait = place > wait ? place : wait;
            }

            if (wait > patience)
            {
                await transaction.RollbackAsync(cancellation);
                throw new ProviderException(ProviderErrorKind.RateLimited, $"the queue of requests to {account} is {wait.TotalSeconds:0} s long: nothing was sent") { RetryAfter = wait, NothingSent = true };
            }

            await transaction.CommitAsync(cancellation);
        }
        catch (NpgsqlException away)
        {
            throw new ProviderException(ProviderErrorKind.RateLimited, $"whose turn it is at {account} cannot be read from the database, so nothing was sent: {away.Message}", away) { NothingSent = true };
        }

        await Task.Delay(wait, time, cancellation);
    }

    public async Task HoldAsync(string account, IReadOnlyList<PaceLane> lanes, TimeSpan wait, CancellationToken cancellation)
    {
        try
        {
            foreach (var lane in lanes.OrderBy(lane => lane.Name, StringComparer.Ordinal))
            {
                // As if the burst had been used up by then.
                await source.ExecuteAsync(
                    """
                    insert into orchestrator.request_pace as p (account, lane, taken) values (@account, @Name, clock_timestamp() + make_interval(secs => @seconds))
                    on conflict (account, lane) do update set taken = greatest(least(p.taken, clock_timestamp() + make_interval(secs => @most)), excluded.taken)
                    """,
                    new { account, lane.Name, most = Most(lane), seconds = (wait + (lane.Every * (lane.Burst - 1))).TotalSeconds },
                    cancellation);
            }
        }
        catch (NpgsqlException away)
        {
            throw new ProviderException(ProviderErrorKind.RateLimited, $"{account} wants a pause, which cannot be written to the database: {away.Message}", away) { RetryAfter = wait };
        }
    }

    /// <summary>Seconds that a queue is ever long: one that a clock wrote which was ahead for a moment must not keep a destroy back.</summary>
    private static double Most(PaceLane lane) => (_longestQueue + (lane.Every * lane.Burst)).TotalSeconds;

    /// <returns>How long until the place that was taken comes.</returns>
    private static async Task<TimeSpan> TakeAsync(NpgsqlTransaction transaction, string account, PaceLane lane, CancellationToken cancellation) => TimeSpan.FromSeconds(
        await transaction.FirstAsync<double>(
            """
            insert into orchestrator.request_pace as p (account, lane, taken) values (@account, @Name, clock_timestamp() + make_interval(secs => @every))
            on conflict (account, lane) do update set taken = greatest(least(p.taken, clock_timestamp() + make_interval(secs => @most)), clock_timestamp()) + make_interval(secs => @every)
            returning greatest(0, extract(epoch from p.taken - clock_timestamp()) - @every * @Burst)::double precision
            """,
            new { account, lane.Name, every = lane.Every.TotalSeconds, lane.Burst, most = Most(lane) },
            cancellation));
}
