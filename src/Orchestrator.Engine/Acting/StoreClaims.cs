using Npgsql;
using Orchestrator.Engine.Store;
using Orchestrator.Jobs;

namespace Orchestrator.Engine.Acting;

/// <summary>
/// Work on a store is one server's at a time: what several owe would be read, and paid, by each. A claim is renewed while it is held; that
/// of a server that died runs out.
/// </summary>
public sealed class StoreClaims(NpgsqlDataSource source, TimeProvider time, EngineOptions options)
{
    /// <summary>Until a result that was noted is on the books, whichever server's tick brings it there.</summary>
    private static readonly TimeSpan _remembered = TimeSpan.FromMinutes(10);

    private long _claims;

    /// <returns>To be disposed when the work is done; null = somebody else does it.</returns>
    internal async Task<StoreClaim?> TryTakeAsync(JobId job, string key, CancellationToken cancellation)
    {
        // Of this claim alone: a verification and a scan of one server may want the same.
        var owner = $"{options.ServerId} {Interlocked.Increment(ref _claims)}";
        var compared = await source.FirstAsync<bool?>(
            """
            insert into orchestrator.store_work as w (job_id, key, owner, until) values (@job, @key, @owner, clock_timestamp() + make_interval(secs => @seconds))
            on conflict (job_id, key) do update set owner = excluded.owner, until = excluded.until, compared = w.compared and w.until > clock_timestamp()
            where w.compared or w.until <= clock_timestamp()
            returning compared
            """,
            new { job = job.Value, key, owner, seconds = Length.TotalSeconds },
            cancellation);
        return compared is { } known ? new StoreClaim(this, time, job, key, owner, Length / 3) { IsCompared = known } : null;
    }

    /// <summary>As long as a server's silence may last elsewhere, and once more: a read that is done twice costs more than a wait.</summary>
    private TimeSpan Length => options.ChannelLease * 2;

    internal Task KeepAsync(JobId job, string key, string owner, CancellationToken cancellation) => source.ExecuteAsync(
        "update orchestrator.store_work set until = clock_timestamp() + make_interval(secs => @seconds) where job_id = @job and key = @key and owner = @owner",
        new { job = job.Value, key, owner, seconds = Length.TotalSeconds },
        cancellation);

    internal Task LetGoAsync(JobId job, string key, string owner, bool compared) => source.ExecuteAsync(
        compared
            ? "update orchestrator.store_work set compared = true, until = clock_timestamp() + make_interval(secs => @seconds) where job_id = @job and key = @key and owner = @owner"
            : "delete from orchestrator.store_work where job_id = @job and (key = @key and owner = @owner or until < clock_timestamp())",
        new { job = job.Value, key, owner, seconds = _remembered.TotalSeconds },
        CancellationToken.None);
}
