using System.Collections.Immutable;
using Orchestrator.Batches;
using Orchestrator.Engine.Artifacts;
using Orchestrator.Engine.Installations;
using Orchestrator.Engine.Messages.Channels;
using Orchestrator.Engine.Recurring;
using Orchestrator.Engine.Rehearsals;
using Orchestrator.Engine.Specs;
using Orchestrator.Engine.Store;
using Orchestrator.Engine.Templates;
using Orchestrator.Engine.Ticks;
using Orchestrator.Jobs;
using Orchestrator.Reconciling;

namespace Orchestrator.Engine.Submitting;

/// <summary>What a person can do with jobs. Commands become inbox rows; only ticks decide what they mean.</summary>
public sealed partial class JobService(
    JobStore jobs,
    BatchStore batches,
    SeriesStore series,
    SecretStore secrets,
    Pinning pinning,
    StartPoints starts,
    StartStore started,
    JobQueries queries,
    Installation installation,
    ChannelSet channels,
    TemplateFolders templates,
    TickQueue queue)
{
    /// <summary>Reads, checks, pins and stores a job, or a series of jobs. Nothing is stored when a problem is an error.</summary>
    public Task<SubmitResult> SubmitAsync(SubmitRequest request, CancellationToken cancellation) => SubmitAsync(request, null, null, null, cancellation);

    /// <summary>The same for a rehearsal of the job, which costs at most <paramref name="max"/> and is followed by this installation's servers.</summary>
    public Task<SubmitResult> RehearseAsync(SubmitRequest request, Money max, CancellationToken cancellation) => SubmitAsync(request, null, max, null, cancellation);

    /// <summary>One run of a series: it is pinned anew, as if a person submitted it now. Throws <see cref="FiringSettledException"/>.</summary>
    internal Task<SubmitResult> SubmitRunAsync(SubmitRequest request, Firing firing, CancellationToken cancellation) => SubmitAsync(request, firing, null, null, cancellation);

    private async Task<SubmitResult> SubmitAsync(SubmitRequest request, Firing? firing, Money? rehearsal, RetryOf? retry, CancellationToken cancellation)
    {
        if (installation.IsRecovered)
        {
            return Refused("job", [Error("", "the installation is in recovered mode, nothing is launched", "look at `orchestrator doctor`, then `orchestrator recover --confirm`")]);
        }

        var isRun = firing is not null || retry is { IsRun: true };
        var now = await jobs.NowAsync(cancellation);
        var read = SpecReader.Read(request.Text, request.FileName, new SpecReadOptions
        {
            Now = now,
            SubmitterTimeZone = request.Zone,
            SpecFolder = request.Folder,
            Sets = [.. request.Sets.Select(SpecSetting.Parse).OfType<SpecSetting>()],
            ServerDefaults = request.Defaults,
            Templates = templates,
            Former = retry?.Template,
            IsRun = isRun,
        });
        if (read.Spec is not { } spec || read.Problems.Any(problem => problem.Severity == Severity.Error) || !read.Unavailable.IsEmpty)
        {
            return Refused(read.Spec?.Name ?? "job", read.Problems);
        }

        var problems = read.Problems.ToBuilder();
        if (retry?.Cell is { } cell)
        {
            if (Again(read, cell) is not { } again)
            {
                problems.Add(Error("strategy.matrix", $"the matrix has no job with {cell} any more", "leave its values as they were"));
                return Refused(spec.Name, Placed(problems, read.Places));
            }

            spec = again;
        }

        if (retry is not null && spec.Schedule is { Cron: not null } hours)
        {
            // When its series runs is no matter of this one's.
            spec = spec with { Schedule = hours with { Cron = null } };
            if (!isRun)
            {
                problems.Add(Error("schedule.cron", "a retry is one job, no series", "submit the spec itself to begin a series"));
            }
        }

        var (mark, stamped) = ((RehearsedSpec?)null, (NewRehearsal?)null);
        if (rehearsal is { } max)
        {
            if (RehearsalSpec.Refusal(spec) is { } refusal)
            {
                problems.Add(refusal);
                return Refused(spec.Name, Placed(problems, read.Places));
            }

            (mark, stamped) = (RehearsalSpec.Mark(spec), new(spec.Name, SpecStamp.Of(spec)));
            // It spends what it was given, and nothing of a batch's.
            spec = RehearsalSpec.Of(spec, max) with { Batch = null };
        }

        if (spec is { Batch: not null, Schedule.Cron: not null } || !(read.Jobs.IsEmpty || rehearsal is null))
        {
            problems.Add(rehearsal is null
                ? Error("batch", "the jobs of a batch are submitted once, not by a series", "leave out schedule.cron, or strategy and batch")
                : Error("strategy", "a rehearsal is of one job", "leave out strategy, and write the values of one of its jobs"));
            return Refused(spec.Name, Placed(problems, read.Places));
        }

        if (spec is { Batch: not null, Checkpoints.StartFrom: not null })
        {
            problems.Add(Error(StartField, "the jobs of a batch begin at the start", "leave it out"));
        }

        foreach (var one in read.Jobs.IsEmpty || retry is not null ? [spec] : read.Jobs.Select(job => job.Spec))
        {
            await CheckSecretsAsync(one, problems, cancellation);
        }

        // Nobody is there when a series comes to its next run, and a channel that is gone is no reason not to train.
        problems.AddRange(channels.Missing(spec.Notify).Select(name => Error(
            "notify", $"notify: there is no channel \"{name}\"; channels here: {(channels.Entries.IsEmpty ? "none" : string.Join(", ", channels.Entries.Select(entry => entry.Name)))}", "name one of them, or add it to orchestrator.yaml")
            with { Severity = firing is null ? Severity.Error : Severity.Note }));
        if (firing is not null && problems.Any(problem => problem.Severity == Severity.Error))
        {
            // A person is told all that is wrong at once; a run is tried every few minutes, and code and data may take as long to read.
            return Refused(spec.Name, Placed(problems, read.Places));
        }

        var how = new SubmittedAs(request.FileName, request.Folder, request.Zone, request.Sets) { IsRun = isRun, FromCheckpoint = retry?.FromCheckpoint, Template = read.Template, Defaults = request.Defaults };
        if (spec.Batch is not null && retry is null)
        {
            return await SubmitBatchAsync(request, read, spec, how, now, problems, cancellation);
        }

        var pinned = await pinning.PinAsync(spec, request.Folder, problems, cancellation, retry?.Pins);
        var start = pinned is null ? null : await FindStartAsync();
        if (pinned is null || problems.Any(problem => problem.Severity == Severity.Error))
        {
            return Refused(spec.Name, Placed(problems, read.Places));
        }

        if (firing is null && spec.Schedule is { Cron: not null } schedule)
        {
            return await BeginSeriesAsync(request, spec, schedule, now, problems, read.Places, cancellation);
        }

        if (await jobs.LiveOfNameAsync(spec.Name, cancellation) is { IsEmpty: false } namesakes)
        {
            problems.Add(Note("name", $"job {namesakes[^1]} of this name is still live", "from now on name them by number, or give this one another name"));
        }

        var stored = await StoreAsync(
            NewJob(request, pinned.Spec with { Rehearsal = mark, As = how }, now) with { Firing = firing, Rehearsal = stamped, RetryOf = retry?.Job, Retry = retry?.Words, Cell = retry?.Cell },
            retry?.Batch,
            start,
            FindStartAsync,
            problems,
            cancellation);
        if (stored is not var (submitted, begun))
        {
            return Refused(spec.Name, Placed(problems, read.Places));
        }

        queue.Now(submitted);
        return new SubmitResult(submitted, spec.Name, Placed(problems, read.Places), pinned.Uploaded, pinned.UploadedBytes) { Start = begun?.Words };

        Task<StartPoint?> FindStartAsync() => retry is null || retry.FollowsSpec ? StartAsync(spec, problems, cancellation) : Task.FromResult(Fitting(retry.Start, spec, problems));
    }

    /// <summary>All jobs of a matrix or none; a job without one joins the batch that it names.</summary>
    private async Task<SubmitResult> SubmitBatchAsync(
        SubmitRequest request, SpecReadResult read, JobSpec spec, SubmittedAs how, DateTimeOffset now, ImmutableArray<Problem>.Builder problems, CancellationToken cancellation)
    {
        ImmutableArray<JobSpec> specs = spec.Strategy is null ? [spec] : [.. read.Jobs.Select(job => job.Spec)];
        var pinned = await new BatchPinning(pinning).PinAsync(specs, request.Folder, problems, cancellation);
        if (pinned is not { } all || problems.Any(problem => problem.Severity == Severity.Error))
        {
            return Refused(spec.Name, Placed(problems, read.Places));
        }

        var (strategy, batch) = (spec.Strategy ?? new StrategySpec(), spec.Batch!);
        var rules = new BatchRules { Name = batch.Name, MaxParallel = strategy.MaxParallel, Canary = strategy.Canary, FailFast = strategy.FailFast, Budget = batch.Budget };
        var (submitted, refusal) = await batches.SubmitAsync(
            new NewBatch(request.Owner, rules, [.. all.Select((one, index) => NewJob(request, one.Spec with { As = how }, now) with { Cell = read.Jobs.ElementAtOrDefault(index)?.Cell.ToString() })]) { Joins = spec.Strategy is null },
            cancellation);
        if (refusal is not null)
        {
            problems.Add(Error("batch", refusal, $"give this one another name, or look at that one: orchestrator batch {batch.Name}"));
            return Refused(batch.Name, Placed(problems, read.Places));
        }

        foreach (var job in submitted)
        {
            queue.Now(job);
        }

        return new SubmitResult(spec.Strategy is null ? submitted[0] : null, spec.Strategy is null ? spec.Name : batch.Name, Placed(problems, read.Places), all.Max(one => one.Uploaded), all.Max(one => one.UploadedBytes))
        {
            Batch = spec.Strategy is null ? [] : submitted,
        };
    }

    private NewJob NewJob(SubmitRequest request, StoredSpec stored, DateTimeOffset now) => new()
    {
        Name = stored.Spec.Name,
        Owner = request.Owner,
        SpecYaml = request.Text,
        SpecJson = stored.ToJson(),
        Terms = TermsBuilder.Build(stored.Spec, now),
        Labels = stored.Spec.Labels,
        Epoch = installation.Epoch,
    };

    /// <summary>What a run would be refused for was refused already; what was pinned is the first run's to pin again.</summary>
    private async Task<SubmitResult> BeginSeriesAsync(
        SubmitRequest request, JobSpec spec, ScheduleSpec schedule, DateTimeOffset now, ImmutableArray<Problem>.Builder problems, SpecPlaces places, CancellationToken cancellation)
    {
        var first = CronCalendar.Next(schedule.Cron!, Calendar.Zone(schedule.Zone)!, now)!.Value;
        if (await series.SubmitAsync(new(spec.Name, request, schedule.Cron!, schedule.Zone, first), cancellation) is { } id)
        {
            return new SubmitResult(null, spec.Name, Placed(problems, places), 0, 0) { Series = id };
        }

        var named = await series.OfNameAsync(spec.Name, cancellation) is { } other ? new SeriesId(other.Id).ToString() : "another series";
        problems.Add(Error("name", $"{named} of this name has runs already", $"stop it first (orchestrator cancel {named}), or give this one another name"));
        return Refused(spec.Name, Placed(problems, places));
    }

    /// <param name="job">The job.</param>
    /// <param name="by">Who asked.</param>
    /// <param name="now">Without waiting for the newest checkpoint to be stored.</param>
    /// <param name="cancellation">Ends the call.</param>
    public Task CancelAsync(JobId job, string by, bool now, CancellationToken cancellation) => CommandAsync(job, new CancelCommand(by, now), cancellation);

    public Task PauseAsync(JobId job, string by, CancellationToken cancellation) => CommandAsync(job, new PauseCommand(by), cancellation);

    public Task ResumeAsync(JobId job, string by, Money? maxTotal, CancellationToken cancellation) => CommandAsync(job, new ResumeCommand(by, maxTotal), cancellation);

    /// <param name="job">The job.</param>
    /// <param name="change">What is to be otherwise, and who asked.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <returns>The command's row in the job's inbox.</returns>
    public Task<long> UpdateAsync(JobId job, UpdateCommand change, CancellationToken cancellation) => CommandAsync(job, change, cancellation);

    public Task SaveAsync(JobId job, string by, CancellationToken cancellation) => CommandAsync(job, new SaveCommand(by), cancellation);

    private async Task<long> CommandAsync(JobId job, InboxItem command, CancellationToken cancellation)
    {
        var row = await jobs.AddInboxAsync(job, command, cancellation);
        queue.Now(job);
        return row;
    }

    private async Task CheckSecretsAsync(JobSpec spec, ImmutableArray<Problem>.Builder problems, CancellationToken cancellation)
    {
        var named = spec.Secrets.Values.Select(name => ("secrets", name));
        named = spec.RegistryAuth?.PasswordSecret is { } password ? named.Append(("registry-auth.password", password)) : named;
        foreach (var (path, name) in named.Distinct())
        {
            if (await secrets.FindAsync(name, cancellation) is null)
            {
                problems.Add(Error(path, $"there is no secret \"{name}\"", $"store it: orchestrator secret set {name}"));
            }
        }
    }

    /// <summary>What the disk, the stores and the secrets say is found by field; a person looks for a line.</summary>
    private static ImmutableArray<Problem> Placed(ImmutableArray<Problem>.Builder problems, SpecPlaces places) =>
        [.. problems.Select(problem => problem is { Line: 1, Column: 1, Source: null } ? places.Problem(problem.Severity, problem.Path, problem.What, problem.WhatToDo) : problem)];

    private static SubmitResult Refused(string name, ImmutableArray<Problem> problems) => new(null, name, problems, 0, 0);

    internal static Problem Note(string path, string what, string whatToDo) => Error(path, what, whatToDo) with { Severity = Severity.Note };

    internal static Problem Error(string path, string what, string whatToDo) =>
        new() { Severity = Severity.Error, Line = 1, Column = 1, Path = path, What = what, WhatToDo = whatToDo };
}
