using System.Collections.Immutable;
using Npgsql;
using Orchestrator.Attempts;
using Orchestrator.Jobs;
using Orchestrator.Reconciling;

namespace Orchestrator.Engine.Store;

/// <summary>Writes what a tick changed into the tables that people and other parts read, inside the tick's transaction.</summary>
internal static class Projections
{
    internal static async Task WriteEventsAsync(NpgsqlTransaction transaction, JobId job, long seqBefore, ImmutableArray<JobEvent> events, CancellationToken cancellation)
    {
        var seq = seqBefore;
        foreach (var jobEvent in events)
        {
            var body = StoredJson.Write(jobEvent);
            await transaction.ExecuteAsync(
                "insert into orchestrator.job_events (job_id, seq, at, kind, why, body) values (@job, @seq, @at, @kind, @why, @body::json)",
                new { job = job.Value, seq = ++seq, at = jobEvent.At, kind = StoredJson.KindOf(body), why = Sql.Clean(jobEvent.Why), body },
                cancellation);
        }
    }

    internal static async Task WriteAsync(NpgsqlTransaction transaction, JobState before, JobState after, ImmutableArray<JobEvent> events, CancellationToken cancellation)
    {
        var known = before.Attempts.ToDictionary(attempt => attempt.Number);
        foreach (var attempt in after.Attempts)
        {
            var old = known.GetValueOrDefault(attempt.Number);
            if (!attempt.Equals(old))
            {
                await WriteAttemptAsync(transaction, after.Id, attempt, cancellation);
                await WriteInstancesAsync(transaction, after.Id, old, attempt, cancellation);
            }
        }

        foreach (var jobEvent in events)
        {
            await CheckpointProjection.WriteAsync(transaction, after.Id, jobEvent, cancellation);
            if (jobEvent is AttemptEnded ended)
            {
                await WriteEndAsync(transaction, after, ended, cancellation);
            }
            else if (jobEvent is JobEnded { Phase: JobPhase.Succeeded })
            {
                await WorkStore.WriteAsync(transaction, after, jobEvent.At, cancellation);
            }
        }
    }

    private static Task WriteAttemptAsync(NpgsqlTransaction transaction, JobId job, Attempt attempt, CancellationToken cancellation) =>
        transaction.ExecuteAsync(
            """
            insert into orchestrator.attempts as a (job_id, attempt, phase, phase_since, provider, offer, label, reason, why, instance_id, wants_channel,
                planned_at, launch_sent_at, started_at, ended_at, exit_code, last_step, resumed_from, wiped, price_micros, cost_micros, listed_as, passed)
            values (@job, @Number, @phase, @PhaseSince, @Provider, @offer::json, @Label, @reason, @why, @instance, @wants,
                @PlannedAt, @LaunchSentAt, @TrainingStartedAt, @EndedAt, @ExitCode, @LastStep, @resumed, @Wiped, @price, @cost, @listed, @passed)
            on conflict (job_id, attempt) do update set
                phase = excluded.phase, phase_since = excluded.phase_since, reason = excluded.reason, why = excluded.why,
                instance_id = excluded.instance_id, wants_channel = excluded.wants_channel, launch_sent_at = excluded.launch_sent_at,
                started_at = excluded.started_at, ended_at = excluded.ended_at, exit_code = excluded.exit_code, last_step = excluded.last_step,
                resumed_from = excluded.resumed_from, wiped = excluded.wiped, cost_micros = excluded.cost_micros,
                listed_as = excluded.listed_as, passed = excluded.passed
            """,
            new
            {
                job = job.Value,
                attempt.Number,
                phase = attempt.Phase.ToString(),
                attempt.PhaseSince,
                attempt.Offer.Provider,
                offer = StoredJson.Write(attempt.Offer),
                attempt.Label,
                reason = attempt.Reason.ToString(),
                why = Sql.Clean(attempt.Why),
                instance = attempt.InstanceId,
                wants = attempt.WantsChannel(),
                attempt.PlannedAt,
                attempt.LaunchSentAt,
                attempt.TrainingStartedAt,
                attempt.EndedAt,
                attempt.ExitCode,
                attempt.LastStep,
                resumed = attempt.RestoreFrom?.ManifestKey,
                attempt.Wiped,
                price = attempt.Offer.PricePerHour.MicroDollars,
                cost = attempt.Cost.MicroDollars,
                listed = attempt.Warm?.Label,
                passed = attempt.PassedTo is not null,
            },
            cancellation);

    private static async Task WriteInstancesAsync(NpgsqlTransaction transaction, JobId job, Attempt? old, Attempt attempt, CancellationToken cancellation)
    {
        if (attempt.InstanceId is { } instance)
        {
            await WriteInstanceAsync(transaction, job, attempt, instance, extra: false, attempt.InstanceFoundAt ?? attempt.PhaseSince, attempt.DestroyAcceptedAt ?? attempt.EndedAt, cancellation);
        }

        foreach (var extra in attempt.Extras)
        {
            await WriteInstanceAsync(transaction, job, attempt, extra.InstanceId, extra: true, extra.FoundAt, null, cancellation);
        }

        if (old is not null)
        {
            foreach (var gone in old.Extras.Except(attempt.Extras).Select(extra => extra.InstanceId))
            {
                await transaction.ExecuteAsync(
                    "update orchestrator.instances set destroyed_at = coalesce(destroyed_at, now()) where job_id = @job and attempt = @Number and instance_id = @gone and extra",
                    new { job = job.Value, attempt.Number, gone },
                    cancellation);
            }
        }
    }

    private static Task WriteInstanceAsync(
        NpgsqlTransaction transaction, JobId job, Attempt attempt, string instance, bool extra, DateTimeOffset found, DateTimeOffset? destroyed, CancellationToken cancellation) =>
        transaction.ExecuteAsync(
            """
            insert into orchestrator.instances (job_id, attempt, instance_id, extra, provider, label, found_at, destroyed_at)
            values (@job, @Number, @instance, @extra, @Provider, @Label, @found, @destroyed)
            on conflict (job_id, attempt, instance_id) do update set extra = excluded.extra, destroyed_at = excluded.destroyed_at
            """,
            new { job = job.Value, attempt.Number, instance, extra, attempt.Offer.Provider, Label = attempt.ListedAs, found, destroyed },
            cancellation);

    private static async Task WriteEndAsync(NpgsqlTransaction transaction, JobState after, AttemptEnded ended, CancellationToken cancellation)
    {
        await transaction.ExecuteAsync(
            """
            insert into orchestrator.ledger (job_id, attempt, kind, at, amount_micros) values (@job, @Attempt, 'compute', @At, @cost)
            on conflict (job_id, attempt, kind) do update set at = excluded.at, amount_micros = excluded.amount_micros
            """,
            new { job = after.Id.Value, ended.Attempt, ended.At, cost = ended.Cost.MicroDollars },
            cancellation);
        if (after.Attempts.FirstOrDefault(attempt => attempt.Number == ended.Attempt) is not { Offer.Host: { } host } attempt)
        {
            return;
        }

        await transaction.ExecuteAsync(
            """
            insert into orchestrator.hosts as h (provider, host, attempts, interruptions, never_ready, paid_seconds, last_at, last_reason)
            values (@Provider, @host, 1, @interruptions, @unready, @seconds, @At, @reason)
            on conflict (provider, host) do update set
                attempts = h.attempts + 1, interruptions = h.interruptions + excluded.interruptions, never_ready = h.never_ready + excluded.never_ready,
                paid_seconds = h.paid_seconds + excluded.paid_seconds, last_at = excluded.last_at, last_reason = excluded.last_reason
            """,
            new
            {
                attempt.Offer.Provider,
                host,
                interruptions = ended.Interruption ? 1L : 0L,
                unready = ended.Interruption && attempt.TrainingStartedAt is null ? 1L : 0L,
                seconds = attempt.BilledFrom is { } from ? ((attempt.DestroyAcceptedAt ?? ended.At) - from).TotalSeconds : 0,
                ended.At,
                reason = ended.Reason.ToString(),
            },
            cancellation);
    }
}
