using System.Collections.Immutable;
using Orchestrator.Batches;
using Orchestrator.Engine.Specs;
using Orchestrator.Engine.Store;
using Orchestrator.Engine.Store.Views;
using Orchestrator.Jobs;

namespace Orchestrator.Engine.Submitting;

/// <summary>Jobs that begin where another one stands.</summary>
public sealed partial class JobService
{
    private const string StartField = "checkpoints.start-from";
    private const int MostStarts = 3;

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
        RequireOwnRules(detail, paths);
        var setsStart = paths.Contains(StartField);
        if (setsStart && wanted.FromCheckpoint is not null)
        {
            throw new StartRefusedException($"both a checkpoint of the job and {StartField} are given", "keep one");
        }

        ImmutableArray<string> sets = [.. begun.Sets, .. wanted.Sets];
        if (await started.LiveRetryAsync(job, cancellation) is { } live)
        {
            return await KnownAsync(live, state.Name, sets, wanted, cancellation);
        }

        var start = setsStart ? null : StartPoints.OfRetry(detail, wanted.FromCheckpoint);
        var request = new SubmitRequest
        {
            Text = detail.SpecYaml,
            FileName = begun.FileName,
            Folder = begun.Folder,
            Zone = begun.Zone,
            Sets = sets,
            Defaults = begun.Defaults ?? wanted.Defaults,
            Owner = wanted.By,
        };
        var retry = new RetryOf
        {
            Job = job,
            Words = $"retry of {state.Name} #{state.Id.Value}",
            Pins = new(former, paths),
            Template = begun.Template,
            Batch = detail.Job.Batch?.Id,
            Cell = detail.Job.Batch?.Cell,
            IsRun = begun.IsRun,
            FromCheckpoint = wanted.FromCheckpoint,
            Start = start,
            FollowsSpec = setsStart || (start is null && wanted.FromCheckpoint is null),
        };
        SubmitResult result;
        try
        {
            result = await SubmitAsync(request, null, null, retry, cancellation);
        }
        catch (RetriedAlreadyException)
        {
            return await started.LiveRetryAsync(job, cancellation) is { } faster
                ? await KnownAsync(faster, state.Name, sets, wanted, cancellation)
                : throw new StartRefusedException($"job {state.Name} was retried in this moment, and that has ended already", "look at it, then retry again");
        }

        return result.Job is null ? result : result with { Problems = [.. result.Problems, .. Notes(detail, begun, paths)] };
    }

    private static IEnumerable<Problem> Notes(JobDetail detail, SubmittedAs begun, ImmutableArray<string> sets)
    {
        if (detail.Job.Batch?.Budget is null && detail.State.SpentAt(detail.Now) is { MicroDollars: > 0 } spent)
        {
            yield return Note("budget.max-total", $"what {detail.State.Id} has spent, {spent}, does not count against the budget of this one", "--set budget.max-total=AMOUNT sets another");
        }

        if (begun.Template is { } template && sets.Any(path => path == "vars" || path.StartsWith("vars.", StringComparison.Ordinal)))
        {
            yield return Note("vars", $"the vars are filled into template {template.Name} as it was when {detail.State.Id} was submitted", "submit the spec itself to use the template as it is now");
        }
    }

    private static void RequireOwnRules(JobDetail detail, ImmutableArray<string> sets)
    {
        if (detail.Job.Batch is { } batch && sets.FirstOrDefault(path => path.Split('.', '[')[0] is "batch" or "strategy") is { } rule)
        {
            throw new StartRefusedException($"{rule}: the rules of batch {batch.Name} stay as they are, and {detail.State.Name} goes on as one of it", $"orchestrator batch {batch.Name} --budget AMOUNT changes its budget");
        }
    }

    /// <summary>Whoever asks for the same again is told of what there is; whoever asks for something else is told that it is not that.</summary>
    private async Task<SubmitResult> KnownAsync(JobId live, string former, ImmutableArray<string> sets, RetryRequest wanted, CancellationToken cancellation)
    {
        var found = await jobs.LoadAsync(live, cancellation);
        return StoredSpec.Parse(found.SpecJson).As is { } how && how.Sets.SequenceEqual(sets) && how.FromCheckpoint == wanted.FromCheckpoint
            ? new SubmitResult(live, found.State.Name, [], 0, 0) { IsKnown = true }
            : throw new StartRefusedException(
                $"job {former} is retried already, as {found.State.Name}#{live.Value}, with other values", $"wait until that has ended, or stop it first: orchestrator cancel {found.State.Name}#{live.Value}");
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

    /// <summary>What it begins from is copied once it is on the books, and held there until then. Null with a problem.</summary>
    private async Task<(JobId Job, StartPoint? Start)?> StoreAsync(
        NewJob job, long? batch, StartPoint? start, Func<Task<StartPoint?>> find, ImmutableArray<Problem>.Builder problems, CancellationToken cancellation)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                var whole = job with { Start = start?.ToCopy(job.Epoch) };
                return (batch is { } of ? await AddAsync(of, whole, cancellation) : await jobs.SubmitAsync(whole, cancellation), start);
            }
            catch (StartGoneException gone)
            {
                // The other job runs, and has a newer one in place of it.
                start = tries < MostStarts ? await find() : null;
                if (start is null)
                {
                    problems.Add(Error(StartField, gone.Message, "submit it again: it begins from the one that is the newest then"));
                    return null;
                }
            }
        }
    }

    private async Task<JobId> AddAsync(long batch, NewJob job, CancellationToken cancellation) =>
        await batches.AddAsync(batch, job, cancellation) ?? throw new StartRefusedException($"the batch of {job.Name} has ended, and another one of its name is live", "wait until that has ended, or cancel it");

    private static JobSpec? Again(SpecReadResult read, string cell) =>
        MatrixCell.Parse(cell).ToString() is var values ? read.Jobs.FirstOrDefault(one => one.Cell.ToString() == values)?.Spec : null;
}
