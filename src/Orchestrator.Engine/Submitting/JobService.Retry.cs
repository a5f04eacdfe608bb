using System.Collections.Immutable;
using Orchestrator.Checkpoints;
using Orchestrator.Engine.Artifacts;
using Orchestrator.Engine.Specs;
using Orchestrator.Engine.Store;
using Orchestrator.Engine.Store.Views;
using Orchestrator.Jobs;

namespace Orchestrator.Engine.Submitting;

/// <summary>Jobs that begin where another one stands.</summary>
public sealed partial class JobService
{
    private const string StartField = "checkpoints.start-from";

    /// <summary>
    /// Submits an ended job again, as a job of its own: its spec is read and checked anew, what was pinned stays pinned but for what is
    /// set, and it begins from a checkpoint of the former. Throws <see cref="StartRefusedException"/> where the job cannot be retried so.
    /// </summary>
    public async Task<SubmitResult> RetryAsync(JobId job, RetryRequest wanted, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        var detail = await queries.ShowAsync(job, cancellation) ?? throw new KeyNotFoundException($"there is no job {job}");
        var (state, former) = (detail.State, StoredSpec.Parse(detail.SpecJson));
        var begun = Retried(detail, former, wanted);
        ImmutableArray<string> paths = [.. wanted.Sets.Select(SpecSetting.Parse).OfType<SpecSetting>().Select(set => set.Path.Replace('_', '-'))];
        var setsStart = paths.Contains(StartField);
        if (setsStart && wanted.FromCheckpoint is not null)
        {
            throw new StartRefusedException($"both a checkpoint of the job and {StartField} are given", "keep one");
        }

        var start = setsStart ? null : StartPoints.OfRetry(detail, wanted.FromCheckpoint);
        var result = await SubmitAsync(
            new SubmitRequest
            {
                Text = detail.SpecYaml,
                FileName = begun.FileName,
                Folder = begun.Folder,
                Zone = begun.Zone,
                Sets = [.. begun.Sets, .. wanted.Sets],
                Defaults = wanted.Defaults,
                Owner = wanted.By,
            },
            null,
            null,
            new RetryOf
            {
                Words = $"retry of {state.Name} #{state.Id.Value}",
                Pins = new(former, paths),
                IsRun = begun.IsRun,
                Start = start,
                FollowsSpec = setsStart || (start is null && wanted.FromCheckpoint is null),
            },
            cancellation);
        return result.Job is null || state.SpentAt(detail.Now) is not { MicroDollars: > 0 } spent
            ? result
            : result with { Problems = result.Problems.Add(Note("budget.max-total", $"what {job} has spent, {spent}, does not count against the budget of this one", "--set budget.max-total=AMOUNT sets another")) };
    }

    private static SubmittedAs Retried(JobDetail detail, StoredSpec former, RetryRequest wanted)
    {
        var (name, phase) = (detail.State.Name, detail.State.Phase);
        var named = $"{name}#{detail.State.Id.Value}";
        if (!phase.IsTerminal())
        {
            throw new StartRefusedException(
                $"job {name} has not ended ({phase.ToString().ToLowerInvariant()})", phase == JobPhase.Paused ? $"it goes on with: orchestrator resume {named}" : $"stop it first: orchestrator cancel {named}, or pause and resume it");
        }

        if (phase == JobPhase.Succeeded && wanted.FromCheckpoint is null && wanted.Sets.IsEmpty)
        {
            throw new StartRefusedException($"job {name} has succeeded; there is nothing to retry", "say what shall be different, --set key=value, or where to begin, --from-checkpoint N (0 = at the start)");
        }

        if (former.Rehearsal is not null)
        {
            throw new StartRefusedException($"job {name} is a rehearsal", "rehearse the spec again: orchestrator rehearse FILE");
        }

        if (former.Spec.Batch is { } batch)
        {
            throw new StartRefusedException($"job {name} is one of batch {batch.Name}, and those are not retried yet", "submit its spec with the values of those that failed, under another name of the batch");
        }

        return former.As ?? throw new StartRefusedException(
            $"job {name} was submitted to an older release, which did not keep how", $"submit its spec again, with checkpoints.start-from: job://{detail.State.Id.Value} to begin where it stood");
    }

    /// <summary>What the spec names; null = it names nothing, or <paramref name="problems"/> got an error.</summary>
    private async Task<StartPoint?> StartAsync(JobSpec spec, ImmutableArray<Problem>.Builder problems, CancellationToken cancellation)
    {
        if (spec.Checkpoints?.StartFrom is not { } from)
        {
            return null;
        }

        try
        {
            return Fitting(await starts.NamedAsync(from, cancellation), spec, problems);
        }
        catch (StartRefusedException refused)
        {
            problems.Add(Error(StartField, refused.Message, refused.WhatToDo));
            return null;
        }
    }

    private static StartPoint? Fitting(StartPoint? start, JobSpec spec, ImmutableArray<Problem>.Builder problems)
    {
        if (start is not null && spec.Checkpoints is null)
        {
            problems.Add(Note("checkpoints", "the spec has no checkpoints now: the job begins at the start", "leave checkpoints as they were to go on from where it stood"));
            return null;
        }

        if (start is { Spec.Spec.Sensitive: true } && !spec.Sensitive)
        {
            problems.Add(Error("sensitive", $"job {start.Job.Name} is sensitive, and its checkpoint would go where this job goes", "say sensitive: true, or begin at the start"));
        }

        return start;
    }

    /// <summary>Copies first: a job whose checkpoint could not be copied does not exist, and costs nothing. Null with a problem.</summary>
    private async Task<JobId?> StoreAsync(NewJob job, StartPoint? start, StoredSpec spec, ImmutableArray<Problem>.Builder problems, CancellationToken cancellation)
    {
        if (start is null)
        {
            return await jobs.SubmitAsync(job, cancellation);
        }

        var id = await jobs.NextIdAsync(cancellation);
        var (place, prefix) = (StorePlace.Parse(spec.Store!), ObjectKeys.Job(job.Epoch, id, job.Name));
        CheckpointRef copy;
        try
        {
            copy = await copier.CopyAsync(start.Job, start.Spec, start.Checkpoint, place, prefix, cancellation);
        }
        catch (StoreException refused)
        {
            problems.Add(Error(StartField, refused.Message, "nothing was submitted"));
            return null;
        }

        try
        {
            return await jobs.SubmitAsync(job with { Id = id, Start = copy, StartWords = start.Words }, cancellation);
        }
        catch
        {
            // The database may have taken it all the same, its answer lost: what a job may need is not deleted.
            if (!await jobs.ExistsAsync(id, CancellationToken.None))
            {
                await copier.EraseAsync(place, prefix, CancellationToken.None);
            }

            throw;
        }
    }
}
