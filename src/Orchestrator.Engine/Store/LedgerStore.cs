using Npgsql;

namespace Orchestrator.Engine.Store;

/// <summary>Settled cost. What live attempts have cost so far is computed from their state.</summary>
public sealed class LedgerStore(NpgsqlDataSource source)
{
    /// <summary>Everything settled since <paramref name="since"/>, over all jobs.</summary>
    public async Task<Money> SettledSinceAsync(DateTimeOffset since, CancellationToken cancellation) =>
        new(await source.FirstAsync<long>("select coalesce(sum(amount_micros), 0)::bigint from orchestrator.ledger where at >= @since", new { since }, cancellation));
}
