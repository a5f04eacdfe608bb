using Npgsql;
using Orchestrator.Checkpoints;
using Orchestrator.Jobs;
using Orchestrator.Reconciling;

namespace Orchestrator.Engine.Store;

/// <summary>The index of a job's checkpoints; the truth is the verified manifest in the store.</summary>
internal static class CheckpointProjection
{
    internal static Task WriteAsync(NpgsqlTransaction transaction, JobId job, JobEvent jobEvent, CancellationToken cancellation) => jobEvent switch
    {
        CheckpointReported reported => StoreAsync(transaction, job, reported.Checkpoint, "reported", jobEvent, adopted: false, cancellation),
        CheckpointCommitted committed => StoreAsync(transaction, job, committed.Checkpoint, "verified", jobEvent, committed.Adopted, cancellation),
        CheckpointRetired retired => SetAsync(transaction, job, retired.Checkpoint.ManifestKey, "retired", jobEvent, cancellation),
        CheckpointRejected rejected => SetAsync(transaction, job, rejected.ManifestKey, "rejected", jobEvent, cancellation),
        CheckpointDeleted deleted => SetAsync(transaction, job, deleted.ManifestKey, "deleted", jobEvent, cancellation),
        _ => Task.CompletedTask,
    };

    private static Task StoreAsync(
        NpgsqlTransaction transaction, JobId job, CheckpointRef checkpoint, string status, JobEvent jobEvent, bool adopted, CancellationToken cancellation) =>
        transaction.ExecuteAsync(
            """
            insert into orchestrator.checkpoints (job_id, manifest_key, attempt, ordinal, entry, step, bytes, status, why, adopted, reported_at, verified_at, at)
            values (@job, @ManifestKey, @Attempt, @Ordinal, @entry, @Step, @Bytes, @status, @why, @adopted, @At, case when @status = 'verified' then @At end, @At)
            on conflict (job_id, manifest_key) do update set
                status = excluded.status, why = excluded.why, adopted = excluded.adopted, verified_at = excluded.verified_at, at = excluded.at,
                entry = excluded.entry, step = excluded.step, bytes = excluded.bytes
            """,
            new
            {
                job = job.Value,
                ManifestKey = Sql.Clean(checkpoint.ManifestKey),
                checkpoint.Attempt,
                checkpoint.Ordinal,
                entry = Sql.Clean(checkpoint.Entry),
                checkpoint.Step,
                checkpoint.Bytes,
                status,
                why = Sql.Clean(jobEvent.Why),
                adopted,
                jobEvent.At,
            },
            cancellation);

    private static Task SetAsync(NpgsqlTransaction transaction, JobId job, string manifestKey, string status, JobEvent jobEvent, CancellationToken cancellation) =>
        transaction.ExecuteAsync(
            "update orchestrator.checkpoints set status = @status, why = @why, at = @At where job_id = @job and manifest_key = @key",
            new { job = job.Value, key = Sql.Clean(manifestKey), status, why = Sql.Clean(jobEvent.Why), jobEvent.At },
            cancellation);
}
