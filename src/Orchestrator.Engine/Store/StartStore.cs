using Npgsql;
using Orchestrator.Jobs;

namespace Orchestrator.Engine.Store;

/// <summary>Jobs that take another one up again, and checkpoints that are being copied for them, by the books.</summary>
public sealed class StartStore(NpgsqlDataSource source)
{
    /// <summary>The live job that takes this one up again; null = there is none.</summary>
    public async Task<JobId?> LiveRetryAsync(JobId job, CancellationToken cancellation) =>
        await source.FirstAsync<long?>("select id from orchestrator.jobs where retry_of = @id and ended_at is null", new { id = job.Value }, cancellation) is { } id ? new JobId(id) : null;

    /// <summary>Whether a job still waits for its copy; false = it has it, is paused, or ends.</summary>
    public async Task<bool> WantsCopyAsync(JobId job, CancellationToken cancellation) =>
        await source.FirstAsync<bool>("select exists (select from orchestrator.jobs where id = @id and start_job is not null and state #>> '{verdict,phase}' is null)", new { id = job.Value }, cancellation);

    /// <summary>Whether a checkpoint of the job is being copied for another: until that is done it stays in the store.</summary>
    public async Task<bool> IsHeldAsync(JobId job, string manifestKey, CancellationToken cancellation) =>
        await source.FirstAsync<bool>(
            "select exists (select from orchestrator.jobs where start_job = @id and start_manifest = @key)", new { id = job.Value, key = manifestKey }, cancellation);
}
