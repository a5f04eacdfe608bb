using System.Collections.Immutable;
using Npgsql;
using Orchestrator.Engine.Store;
using Orchestrator.Reconciling;

namespace Orchestrator.Engine.Installations;

/// <summary>The database's side: its epoch, and whether a record outside is ahead of it.</summary>
internal static class InstallationTable
{
    // Servers that start, sweep or confirm contend for it, for the length of a few statements.
    private const long LockKey = 7_164_295_301_578;

    private const int MostFindings = 10;

    internal static Task LockAsync(NpgsqlTransaction transaction, CancellationToken cancellation) =>
        transaction.ExecuteAsync("select pg_advisory_xact_lock(@key)", new { key = LockKey }, cancellation);

    /// <summary>Null = a database that no server has started on.</summary>
    internal static Task<Row?> ReadAsync(NpgsqlTransaction transaction, CancellationToken cancellation) =>
        transaction.FirstAsync<Row>("select epoch, former_epochs as former, key_id as keyid, restored_from as restoredfrom from orchestrator.installation", null, cancellation);

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
                former_epochs = (select array_agg(distinct f) from unnest(i.former_epochs || i.epoch || @former) f), epoch = @epoch, epoch_since = now(), restored_from = null
            """,
            new { epoch, former = former.ToArray() },
            cancellation);

    /// <summary>What the record knows and the database does not, for a person; null = nothing.</summary>
    internal static async Task<string?> BehindAsync(NpgsqlTransaction transaction, InstallationRecord record, CancellationToken cancellation)
    {
        var known = (await FactsAsync(transaction, record, cancellation)).ToDictionary(job => job.Id);
        List<string> findings = [];
        foreach (var (job, attempt) in record.Jobs)
        {
            if (!known.TryGetValue(job, out var facts))
            {
                findings.Add($"job #{job} ran here, and the database does not know it");
            }
            else if (facts.Attempt < attempt)
            {
                findings.Add($"attempt {attempt} of job #{job} was launched here, and the database knows {facts.Attempt} attempts");
            }
        }

        // Retention may have removed an ended job's row; a row that says it still goes on is what a backup shows.
        findings.AddRange(record.Ended.Where(job => known.TryGetValue(job, out var facts) && !facts.Ended).Select(job => $"job #{job} ended here, and the database says it goes on"));
        return findings.Count == 0
            ? null
            : string.Join("; ", findings.Take(MostFindings)) + (findings.Count > MostFindings ? $"; and {findings.Count - MostFindings} more" : "");
    }

    /// <summary>Tells every live job's next tick that an epoch has begun, and what the record knows of the job.</summary>
    /// <param name="transaction">The transaction that begins the epoch.</param>
    /// <param name="epoch">The new one.</param>
    /// <param name="record">Of this installation, whatever its epoch; null = it speaks of other jobs.</param>
    /// <param name="former">Of forgotten attempts.</param>
    /// <param name="cancellation">Ends the call.</param>
    internal static async Task TellJobsAsync(NpgsqlTransaction transaction, string epoch, InstallationRecord? record, string former, CancellationToken cancellation)
    {
        foreach (var job in await transaction.ListAsync<long>("select id from orchestrator.jobs where ended_at is null order by id", null, cancellation))
        {
            var confirmed = new EpochConfirmed(epoch, former, record?.Jobs.GetValueOrDefault(job) ?? 0, record?.Ended.Contains(job) == true);
            await transaction.ExecuteAsync(
                """
                insert into orchestrator.inbox (job_id, body) values (@job, @body::json);
                update orchestrator.jobs set due_at = least(due_at, clock_timestamp()), nudged = true where id = @job
                """,
                new { job, body = StoredJson.Write(confirmed) },
                cancellation);
        }
    }

    /// <summary>
    /// That part of a record which the database confirms: a restart must not find it ahead again, and the number of a job that
    /// the database never knew may be given to another.
    /// </summary>
    internal static async Task<InstallationRecord> ConfirmedAsync(NpgsqlTransaction transaction, InstallationRecord record, CancellationToken cancellation)
    {
        var known = (await FactsAsync(transaction, record, cancellation)).ToDictionary(job => job.Id);
        return record with
        {
            Jobs = record.Jobs.RemoveRange(record.Jobs.Where(job => !known.TryGetValue(job.Key, out var facts) || facts.Ended || facts.Attempt < job.Value).Select(job => job.Key)),
            Ended = [.. record.Ended.Where(job => known.TryGetValue(job, out var facts) && facts.Ended)],
        };
    }

    /// <summary>Of the record's live jobs, those that have ended in the database: another server wound them up.</summary>
    internal static async Task<ImmutableArray<long>> EndedAsync(NpgsqlTransaction transaction, InstallationRecord record, CancellationToken cancellation) =>
        [.. await transaction.ListAsync<long>(
            "select id from orchestrator.jobs where id = any(@ids) and ended_at is not null order by id", new { ids = record.Jobs.Keys.ToArray() }, cancellation)];

    private static Task<List<JobFacts>> FactsAsync(NpgsqlTransaction transaction, InstallationRecord record, CancellationToken cancellation) =>
        transaction.ListAsync<JobFacts>(
            """
            select j.id, j.ended_at is not null as ended, coalesce((select max(a.attempt) from orchestrator.attempts a where a.job_id = j.id), 0) as attempt
            from orchestrator.jobs j where j.id = any(@ids)
            """,
            new { ids = record.Jobs.Keys.Concat(record.Ended).ToArray() },
            cancellation);

    internal sealed record Row
    {
        public string Epoch { get; init; } = "";

        public string[] Former { get; init; } = [];

        public string? KeyId { get; init; }

        /// <summary>The moment of the backup that it was restored from; null = it was not, or a person has confirmed it.</summary>
        public DateTimeOffset? RestoredFrom { get; init; }
    }

    private sealed record JobFacts
    {
        public long Id { get; init; }

        public bool Ended { get; init; }

        public int Attempt { get; init; }
    }
}
