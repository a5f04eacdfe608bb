using Npgsql;

namespace Orchestrator.Engine.Store;

/// <summary>Whose turn it is to sweep, and when a sweep was last completed, by whichever server of the installation.</summary>
public sealed class SweepStore(NpgsqlDataSource source)
{
    /// <summary>
    /// Takes the turn to compare, or prolongs it. No lock of a session: the turn of a server that froze or lost its network runs
    /// out, and no connection waits in a transaction while providers are asked.
    /// </summary>
    /// <returns>False = another server has it.</returns>
    public async Task<bool> TryTakeTurnAsync(string owner, TimeSpan length, CancellationToken cancellation) =>
        await source.ExecuteAsync(
            """
            insert into orchestrator.sweep_turn as t (owner, until) values (@owner, clock_timestamp() + make_interval(secs => @seconds))
            on conflict (one) do update set owner = excluded.owner, until = excluded.until
            where t.owner = @owner or t.until <= clock_timestamp()
            """,
            new { owner, seconds = length.TotalSeconds },
            cancellation) > 0;

    /// <summary>Gives the turn back; nothing happens where another has it already.</summary>
    public Task EndTurnAsync(string owner, CancellationToken cancellation) =>
        source.ExecuteAsync("delete from orchestrator.sweep_turn where owner = @owner", new { owner }, cancellation);

    /// <summary>A sweep has run to its end.</summary>
    /// <param name="complete">It saw all there is to see.</param>
    /// <param name="cancellation">Ends it.</param>
    public Task MarkAsync(bool complete, CancellationToken cancellation) =>
        source.ExecuteAsync(
            """
            insert into orchestrator.sweeps as s (at, ran_at) values (case when @complete then clock_timestamp() end, clock_timestamp())
            on conflict (one) do update set at = coalesce(excluded.at, s.at), ran_at = excluded.ran_at
            """,
            new { complete },
            cancellation);

    public async Task<SweepAges> AgesAsync(CancellationToken cancellation)
    {
        var (ran, complete) = await source.FirstAsync<(double?, double?)>(
            "select extract(epoch from clock_timestamp() - coalesce(ran_at, at))::double precision, extract(epoch from clock_timestamp() - at)::double precision from orchestrator.sweeps", null, cancellation);
        return new(Span(ran), Span(complete));
    }

    private static TimeSpan? Span(double? seconds) => seconds is { } some ? TimeSpan.FromSeconds(some) : null;
}
