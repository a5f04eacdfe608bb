using System.Collections.Immutable;
using Npgsql;
using Orchestrator.Engine.Store;

namespace Orchestrator.Engine.Installations;

/// <summary>The database's side: its epoch, and whether a record outside is ahead of it.</summary>
internal static class InstallationTable
{
    // Only servers that start or confirm contend for it.
    private const long LockKey = 7_164_295_301_578;

    internal static Task LockAsync(NpgsqlTransaction transaction, CancellationToken cancellation) =>
        transaction.ExecuteAsync("select pg_advisory_xact_lock(@key)", new { key = LockKey }, cancellation);

    /// <summary>Null = a database that no server has started on.</summary>
    internal static Task<Row?> ReadAsync(NpgsqlTransaction transaction, CancellationToken cancellation) =>
        transaction.FirstAsync<Row>("select epoch, former_epochs as former, key_id as keyid from orchestrator.installation", null, cancellation);

    internal static Task InsertAsync(NpgsqlTransaction transaction, string epoch, string? keyId, CancellationToken cancellation) =>
        transaction.ExecuteAsync("insert into orchestrator.installation (epoch, key_id) values (@epoch, @keyId)", new { epoch, keyId }, cancellation);

    /// <param name="transaction">The transaction.</param>
    /// <param name="epoch">The epoch that begins.</param>
    /// <param name="former">Epochs that are over, besides the database's own.</param>
    /// <param name="cancellation">Ends the call.</param>
    internal static Task BeginEpochAsync(NpgsqlTransaction transaction, string epoch, IEnumerable<string> former, CancellationToken cancellation) =>
        transaction.ExecuteAsync(
            """
            insert into orchestrator.installation as i (epoch, former_epochs) values (@epoch, @former)
            on conflict (one) do update set
                former_epochs = (select array_agg(distinct f) from unnest(i.former_epochs || i.epoch || @former) f), epoch = @epoch, epoch_since = now()
            """,
            new { epoch, former = former.ToArray() },
            cancellation);

    /// <summary>What the record knows and the database does not, for a person; null = nothing.</summary>
    internal static async Task<string?> BehindAsync(NpgsqlTransaction transaction, InstallationRecord record, CancellationToken cancellation)
    {
        var ids = record.Jobs.Keys.Concat(record.Ended).ToArray();
        var known = (await transaction.ListAsync<JobFacts>(
            """
            select j.id, j.ended_at is not null as ended, coalesce((select max(a.attempt) from orchestrator.attempts a where a.job_id = j.id), 0) as attempt
            from orchestrator.jobs j where j.id = any(@ids)
            """,
            new { ids },
            cancellation)).ToDictionary(job => job.Id);
        foreach (var (job, attempt) in record.Jobs)
        {
            if (!known.TryGetValue(job, out var facts))
            {
                return $"job #{job} ran here, and the database does not know it";
            }

            if (facts.Attempt < attempt)
            {
                return $"attempt {attempt} of job #{job} was launched here, and the database knows {facts.Attempt} attempts";
            }
        }

        // Retention may have removed an ended job's row; a row that says it still goes on is what a backup shows.
        return record.Ended.Where(job => known.TryGetValue(job, out var facts) && !facts.Ended).Select(job => $"job #{job} ended here, and the database says it goes on").FirstOrDefault();
    }

    /// <summary>Of the record's live jobs, those that have ended in the database: another server wound them up.</summary>
    internal static async Task<ImmutableArray<long>> EndedAsync(NpgsqlTransaction transaction, InstallationRecord record, CancellationToken cancellation) =>
        [.. await transaction.ListAsync<long>(
            "select id from orchestrator.jobs where id = any(@ids) and ended_at is not null order by id", new { ids = record.Jobs.Keys.ToArray() }, cancellation)];

    internal sealed record Row
    {
        public string Epoch { get; init; } = "";

        public string[] Former { get; init; } = [];

        public string? KeyId { get; init; }
    }

    private sealed record JobFacts
    {
        public long Id { get; init; }

        public bool Ended { get; init; }

        public int Attempt { get; init; }
    }
}
