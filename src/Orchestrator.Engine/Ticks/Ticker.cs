using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Orchestrator.Engine.Acting;
using Orchestrator.Engine.Installations;
using Orchestrator.Engine.Observing;
using Orchestrator.Engine.Store;
using Orchestrator.Engine.Telemetry;
using Orchestrator.Jobs;
using Orchestrator.Reconciling;

namespace Orchestrator.Engine.Ticks;

/// <summary>
/// One tick of one job: take the lease → load → observe → decide → append → effects → schedule the next → release. It may die
/// anywhere; the next one repairs, since effects follow from what is committed.
/// </summary>
public sealed class Ticker(
    JobStore jobs,
    BatchStore batches,
    Observer observer,
    EffectRunner effects,
    Installation installation,
    TickQueue queue,
    EngineOptions options,
    ILogger<Ticker> log)
{
    /// <summary>Each further one means that another job has begun meanwhile.</summary>
    private const int MostPasses = 5;

    public async Task TickAsync(JobId job, CancellationToken cancellation)
    {
        if (installation.IsRecovered)
        {
            return;
        }

        if (await jobs.TryLeaseAsync(job, options.ServerId, options.Lease, cancellation) is not { } lease)
        {
            // Whoever holds it sees our due_at when it releases.
            return;
        }

        DateTimeOffset? due = lease.Now + options.Policies.EffectRetry;
        using var span = TickMeter.Begin(job);
        var began = BootClock.Instance.GetTimestamp();
        var done = false;
        try
        {
            FailPoints.Hit("tick-leased");
            due = await PassAsync(lease, cancellation);
            FailPoints.Hit("tick-done");
            done = true;
        }
        finally
        {
            TickMeter.End(span, BootClock.Instance.GetElapsedTime(began), done);
            // The result of a finished pass is kept even while the server stops.
            var next = await jobs.ReleaseAsync(lease, due, CancellationToken.None);
            if (next is { } at)
            {
                queue.After(job, at - lease.Now - (lease.Duration - lease.Remaining(BootClock.Instance)));
            }
            else
            {
                queue.Forget(job);
            }
        }
    }

    /// <returns>When to look again; null = never.</returns>
    private async Task<DateTimeOffset?> PassAsync(JobLease lease, CancellationToken cancellation)
    {
        for (var pass = 1; pass < MostPasses; pass++)
        {
            var (result, due) = await TryPassAsync(lease, mayRent: true, cancellation);
            if (result != AppendResult.NoRoom)
            {
                return due;
            }

            // Others were faster; what they took is on the books now.
            log.LogInformation("job {Job}: what the server's limits or its batch left is taken; it decides again", lease.Job);
        }

        // Whatever else is owed must not wait for room.
        return (await TryPassAsync(lease, mayRent: false, cancellation)).Due;
    }

    private async Task<(AppendResult Result, DateTimeOffset? Due)> TryPassAsync(JobLease lease, bool mayRent, CancellationToken cancellation)
    {
        var snapshot = await jobs.LoadAsync(lease.Job, cancellation);
        var before = snapshot.State;
        var observation = await observer.ObserveAsync(snapshot, lease.Now, mayPlan: mayRent, cancellation);
        var events = Kernel.Decide(before, observation, options.Policies, lease.Now);
        FailPoints.Hit("tick-decided");
        var after = events.Aggregate(before, Kernel.Apply);
        if (!events.IsEmpty || !snapshot.Inbox.IsEmpty)
        {
            var record = events.IsEmpty
                ? null
                : new TickRecord { SeqBefore = before.Seq, Now = lease.Now, Policies = options.Policies, Observation = observation, Events = events };
            var result = await jobs.AppendAsync(lease, before, after, events, record, [.. snapshot.Inbox.Select(item => item.Id)], cancellation);
            if (result == AppendResult.Fenced)
            {
                log.LogWarning("job {Job}: another server took over; this tick does nothing", lease.Job);
            }

            if (result != AppendResult.Committed)
            {
                return (result, null);
            }

            foreach (var decided in events)
            {
                log.LogInformation("job {Job} {Name}: {Event}: {Why}", lease.Job, after.Name, decided.GetType().Name, decided.Why);
            }

            FailPoints.Hit("tick-committed");
            if (BatchStore.Concerns(before, after, events))
            {
                foreach (var beside in await batches.DueBesideAsync(lease.Job, cancellation))
                {
                    queue.Now(beside);
                }
            }

            // After the commit and before the create call: the record outside is ahead only of a database that lost something.
            foreach (var sent in events.OfType<LaunchSent>())
            {
                await installation.RecordAttemptAsync(lease.Job, sent.Attempt, cancellation);
                FailPoints.Hit("launch-recorded");
            }

            foreach (var taken in events.OfType<HostTaken>())
            {
                FailPoints.Hit("host-passed");
                await installation.RecordAttemptAsync(lease.Job, taken.Attempt, cancellation);
                queue.Now(taken.Host.Job);
            }
        }

        if (after.Phase.IsTerminal() && !before.Phase.IsTerminal())
        {
            await installation.RecordEndedAsync(lease.Job, cancellation);
        }

        await effects.RunAsync(lease, snapshot, after, before.Seq, Kernel.Owed(after), cancellation);
        var due = Kernel.NextDue(after, options.Policies, lease.Now, observation.Unattended);
        return (AppendResult.Committed, due == DateTimeOffset.MaxValue ? null : due);
    }
}
