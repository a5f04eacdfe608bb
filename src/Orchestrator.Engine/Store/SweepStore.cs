using Npgsql;

namespace Orchestrator.Engine.Store;

/// <summary>When a sweep was last completed, by whichever server of the installation.</summary>
public sealed class SweepStore(NpgsqlDataSource source)
{
    public Task MarkAsync(CancellationToken cancellation) =>
        source.ExecuteAsync("insert into orchestrator.sweeps (at) values (clock_timestamp()) on conflict (one) do update set at = excluded.at", null, cancellation);

    /// <summary>Null = never.</summary>
    public async Task<TimeSpan?> AgeAsync(CancellationToken cancellation) =>
        await source.FirstAsync<double?>("select extract(epoch from clock_timestamp() - at)::double precision from orchestrator.sweeps", null, cancellation)
            is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
}
