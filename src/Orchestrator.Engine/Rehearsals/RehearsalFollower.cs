using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Orchestrator.Engine.Observing;
using Orchestrator.Engine.Specs;
using Orchestrator.Engine.Store;
using Orchestrator.Engine.Submitting;
using Orchestrator.Jobs;
using Orchestrator.Providers;
using Orchestrator.Reconciling;
using Orchestrator.Rehearsals;

namespace Orchestrator.Engine.Rehearsals;

/// <summary>
/// One look at one rehearsal. What it decides is written down before it is done, and is done again until it is seen: it outlives
/// the terminal it was started from, and any server.
/// </summary>
public sealed class RehearsalFollower(RehearsalStore rows, JobStore jobs, JobService service, WorkStore work, ProviderSet providers, EngineOptions options, TimeProvider time, ILogger<RehearsalFollower> log)
{
    private const string By = "its rehearsal";

    /// <summary>When each job's instance was last asked to go: a destroy that was accepted takes a while to be seen.</summary>
    private readonly ConcurrentDictionary<long, long> _killed = new();

    public async Task LookAsync(RehearsalRow row, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(row);
        // The clock first: what is loaded after it is not younger than it seems.
        var now = await jobs.NowAsync(cancellation);
        var points = row.Record.End is null ? await rows.PointsAsync(row.Job, cancellation) : [];
        var snapshot = await jobs.LoadAsync(row.Job, cancellation);
        var record = row.Record.End is null ? row.Record.Hear(points, snapshot.State) : row.Record;
        var move = RehearsalCourse.Next(record, snapshot.State, now);
        record = record with { Kill = move.Kill ?? record.Kill, End = move.End ?? record.End };
        if (!ReferenceEquals(record, row.Record))
        {
            await rows.SaveAsync(row.Job, record, cancellation);
        }

        if (move.Kill is { } kill)
        {
            await KillAsync(row.Job, kill, cancellation);
        }

        if (record.End is { } end)
        {
            await FinishAsync(row with { Record = record }, end, snapshot, now, cancellation);
        }
    }

    /// <summary>Behind the back of the job's ticks, as a host is lost: they find it gone and do what they do then.</summary>
    private async Task KillAsync(JobId job, RehearsalKill kill, CancellationToken cancellation)
    {
        if (providers.Find(kill.Provider) is not { } provider || (_killed.TryGetValue(job.Value, out var last) && time.GetElapsedTime(last) < options.Policies.DestroyRetry))
        {
            return;
        }

        _killed[job.Value] = time.GetTimestamp();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(options.EffectTimeout);
        try
        {
            log.LogInformation("job {Job} is rehearsed: its instance {Instance} is destroyed on purpose", job, kill.InstanceId);
            await provider.DestroyAsync(kill.InstanceId, limit.Token);
        }
        catch (ProviderException gone) when (gone.Kind == ProviderErrorKind.NotFound)
        {
            log.LogInformation("job {Job}: {Instance} is gone already", job, kill.InstanceId);
        }
        catch (Exception failed) when (failed is ProviderException || (failed is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            log.LogWarning("job {Job}: killing {Instance} failed ({Words}); it is tried again", job, kill.InstanceId, failed.Message);
        }
    }

    /// <summary>Its job ends first, and with it all that it rented; only then is anything stamped.</summary>
    private async Task FinishAsync(RehearsalRow row, RehearsalEnd end, JobSnapshot snapshot, DateTimeOffset now, CancellationToken cancellation)
    {
        var state = snapshot.State;
        if (!state.Phase.IsTerminal())
        {
            var isEnding = state.Verdict is { Phase: var phase } && phase.IsTerminal();
            if (!isEnding && !snapshot.Inbox.Any(item => item is CancelCommand))
            {
                await service.CancelAsync(row.Job, By, now: true, cancellation);
            }

            return;
        }

        var spec = StoredSpec.Parse(snapshot.SpecJson).Spec;
        var measured = row.Record.Kill?.Attempt ?? state.Attempts.LastOrDefault()?.Number;
        var ready = measured is { } attempt ? await rows.ReadyAtAsync(row.Job, attempt, cancellation) : null;
        var figures = RehearsalFigures.Of(row.Record, state, ready, spec.Progress.Total);
        if (end.Outcome == RehearsalOutcome.WeekendReady && figures?.ToWork(row.Title, now) is { } known)
        {
            await work.AddRehearsalAsync(spec, known, cancellation);
        }

        await rows.EndAsync(row.Job, end.Outcome, figures, cancellation);
        _killed.TryRemove(row.Job.Value, out _);
    }
}
