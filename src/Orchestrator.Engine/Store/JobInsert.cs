using System.Collections.Immutable;
using System.Text.Json;
using Npgsql;
using Orchestrator.Checkpoints;
using Orchestrator.Engine.Rehearsals;
using Orchestrator.Engine.Specs;
using Orchestrator.Jobs;
using Orchestrator.Reconciling;

namespace Orchestrator.Engine.Store;

/// <summary>How a job comes into the books: with its first event, due at once, in the caller's transaction.</summary>
internal static class JobInsert
{
    /// <param name="transaction">The caller's.</param>
    /// <param name="job">What was submitted.</param>
    /// <param name="batch">The batch it belongs to, and its number there; null = none.</param>
    /// <param name="cancellation">Ends it.</param>
    internal static async Task<JobId> RunAsync(NpgsqlTransaction transaction, NewJob job, (long Id, int Number)? batch, CancellationToken cancellation)
    {
        if (job.Start is { } start && !await IsThereAsync(transaction, start, cancellation))
        {
            throw new StartGoneException(start);
        }

        // The id first: the first event names it.
        var id = await transaction.FirstAsync<long>("select nextval(pg_get_serial_sequence('orchestrator.jobs', 'id'))", null, cancellation);
        var now = await transaction.FirstAsync<DateTimeOffset>("select now()", null, cancellation);
        ImmutableArray<JobEvent> events =
        [
            new JobSubmitted(new JobId(id), job.Epoch, job.Name, job.Terms) { At = now, Why = job.Retry is { } retry ? $"{retry}, by {job.Owner}" : $"submitted by {job.Owner}", Start = job.Start },
        ];
        var before = new JobState();
        var state = events.Aggregate(before, Kernel.Apply);
        var stored = await transaction.ExecuteAsync(
            """
            insert into orchestrator.jobs (id, name, owner, labels, spec_yaml, spec, epoch, state, phase, reason, phase_since, seq, submitted_at, due_at, series_id,
                batch_id, batch_number, cell, priority, retry_of, start_job, start_manifest, host_key)
            values (@id, @Name, @Owner, @labels::jsonb, @SpecYaml, @SpecJson::json, @Epoch, @state::json, @phase, @reason, @since, @seq, @now, @now, @series,
                @batch, @number, @Cell, @priority, @retryOf, @startJob, @startManifest, @hostKey)
            on conflict (retry_of) where retry_of is not null and ended_at is null do nothing
            """,
            new
            {
                id,
                job.Name,
                job.Owner,
                labels = JsonSerializer.Serialize(job.Labels),
                job.SpecYaml,
                job.SpecJson,
                job.Epoch,
                state = StoredJson.Write(state),
                phase = state.Phase.ToString(),
                reason = Sql.Clean(state.PhaseReason),
                since = state.PhaseSince,
                seq = state.Seq,
                now,
                series = job.Firing?.Series.Value,
                batch = batch?.Id,
                number = batch?.Number,
                job.Cell,
                priority = job.Terms.Priority,
                retryOf = job.RetryOf?.Value,
                startJob = job.Start?.Job.Value,
                startManifest = job.Start?.Checkpoint.ManifestKey,
                hostKey = job.Terms.Batch is { ReusesHosts: true } ? HostKey.Of(StoredSpec.Parse(job.SpecJson), job.Owner) : null,
            },
            cancellation);
        if (stored == 0)
        {
            throw new RetriedAlreadyException(job.RetryOf!.Value);
        }

        if (job.Rehearsal is { } rehearsal)
        {
            await RehearsalStore.BeginAsync(transaction, new JobId(id), rehearsal, cancellation);
        }

        await Projections.WriteEventsAsync(transaction, new JobId(id), before.Seq, events, cancellation);
        await Projections.WriteAsync(transaction, before, state, events, cancellation);
        return new JobId(id);
    }

    /// <summary>Locked until the job is on the books: whoever deletes it there asks first who needs it.</summary>
    private static async Task<bool> IsThereAsync(NpgsqlTransaction transaction, StartCopy start, CancellationToken cancellation) =>
        await transaction.FirstAsync<int?>(
            "select 1 from orchestrator.checkpoints where job_id = @job and manifest_key = @key and status = 'verified' for share",
            new { job = start.Job.Value, key = start.Checkpoint.ManifestKey },
            cancellation) is not null;
}
