using System.Globalization;
using Orchestrator.Engine;
using Orchestrator.Engine.Installations;
using Orchestrator.Engine.Specs;
using Orchestrator.Engine.Store;
using Orchestrator.Engine.Submitting;
using Orchestrator.Jobs;
using Orchestrator.Reconciling;
using Orchestrator.Server.Api;
using Orchestrator.Server.Composition;
using Calendar = Orchestrator.Engine.Specs.Calendar;

namespace Orchestrator.Server.Desk;

/// <summary>Hands what a person asks to the engine, and refuses at once what no tick could do.</summary>
public sealed class EngineJobCommands(JobService service, JobStore jobs, InboxAnswers answers, SeriesStore series, Installation installation, EngineOptions engine, ServeOptions options) : IJobCommands
{
    public async Task<SubmitReply> SubmitAsync(Api.SubmitRequest request, string by, CancellationToken cancellation)
    {
        HandedSpecs.RequireRenting(installation);
        var result = await service.SubmitAsync(request.For(by, options), cancellation);
        var lines = HandedSpecs.Lines(result.Problems, request.FileName);
        if (result.Series is { } begun && await series.FindAsync(begun, cancellation) is { } found)
        {
            return new SubmitReply(null, [.. lines.Select(problem => problem.Text)]) { Series = EngineSeriesDesk.Ref(found) };
        }

        if (!result.Batch.IsEmpty)
        {
            return new SubmitReply(null, [.. lines.Select(problem => problem.Text)]) { Batch = new(result.Name, result.Batch.Length) };
        }

        return result.Job is { } job
            ? new SubmitReply(new(job.Value, result.Name), [.. lines.Select(problem => problem.Text), .. RentingNotes.Of(options.Configuration, request.Read(await jobs.NowAsync(cancellation), options).Spec)]) { Start = result.Start }
            : throw new DeskException(Refusal.BadRequest, "the spec cannot be run", $"mend it; `orchestrator validate {request.FileName}` checks it without a server", lines);
    }

    public async Task<SubmitReply> RetryAsync(JobRef job, Api.RetryRequest request, string by, CancellationToken cancellation)
    {
        HandedSpecs.RequireRenting(installation);
        SubmitResult result;
        try
        {
            result = await service.RetryAsync(
                new JobId(job.Id),
                new() { By = by, FromCheckpoint = request.FromCheckpoint, Sets = request.Sets.IsDefault ? [] : request.Sets, Defaults = options.Configuration.Defaults },
                cancellation);
        }
        catch (StartRefusedException refused)
        {
            throw new DeskException(Refusal.Policy, refused.Message, refused.WhatToDo);
        }

        var lines = HandedSpecs.Lines(result.Problems, job.Name);
        return result.Job is { } begun
            ? new SubmitReply(new(begun.Value, result.Name), [.. lines.Select(problem => problem.Text)]) { Start = result.Start, Known = result.IsKnown }
            : throw new DeskException(Refusal.BadRequest, $"job {job.Name} cannot be submitted again as it is", "change what is in the way with --set path=value, for example --set deadline=\"Mon 08:00\"", lines);
    }

    public async Task<CommandReply> CancelAsync(JobRef job, string by, bool now, CancellationToken cancellation)
    {
        var state = (await jobs.LoadAsync(new JobId(job.Id), cancellation)).State;
        if (state.Attempts is [.., { Phase: Attempts.AttemptPhase.Draining, Held: not null }])
        {
            // It has failed already: what is left to end is the host that was kept for a look.
            await service.CancelAsync(new(job.Id), by, now, cancellation);
            return new(job, "its host is not kept any longer: it is wiped and given back");
        }

        // One that is being cancelled can still be hurried.
        if (!now || state.Phase.IsTerminal() || state.Verdict is not { Phase: JobPhase.Cancelled })
        {
            await LiveAsync(job, "cancelled", cancellation);
        }

        await service.CancelAsync(new(job.Id), by, now, cancellation);
        var goesOn = await series.OfJobAsync(new(job.Id), cancellation) is { StoppedAt: null } of ? $"; the runs after it come: orchestrator cancel {EngineSeriesDesk.Ref(of).Id} stops them" : "";
        return new(job, (now ? "it is being cancelled at once; what is not in the store by now is given up" : "it is being cancelled; its newest checkpoint is stored first, then its instance is given back") + goesOn);
    }

    public async Task<CommandReply> PauseAsync(JobRef job, string by, CancellationToken cancellation)
    {
        if (await LiveAsync(job, "paused", cancellation) is { Phase: JobPhase.Paused } or { Verdict.Phase: JobPhase.Paused })
        {
            throw new DeskException(Refusal.Policy, $"job {job.Name} is paused already", $"orchestrator resume {job.Name}");
        }

        await service.PauseAsync(new(job.Id), by, cancellation);
        return new(job, "it stops at its newest checkpoint; `orchestrator resume` goes on");
    }

    public async Task<CommandReply> ResumeAsync(JobRef job, decimal? budget, string by, CancellationToken cancellation)
    {
        var state = await LiveAsync(job, "resumed", cancellation);
        if (state.Phase != JobPhase.Paused && state.Verdict?.Phase != JobPhase.Paused && budget is null)
        {
            throw new DeskException(Refusal.Policy, $"job {job.Name} is not paused", $"orchestrator show {job.Name} says what it does");
        }

        var money = budget is { } dollars ? Money.FromDollars(dollars) : (Money?)null;
        RequireOwn(job, state, money);
        RequireEnough(job, state, money ?? state.Terms.MaxTotal, "resume", await jobs.NowAsync(cancellation));
        await service.ResumeAsync(new(job.Id), by, money, cancellation);
        return new(job, "it goes on from its newest checkpoint");
    }

    public async Task<CommandReply> UpdateAsync(JobRef job, UpdateRequest request, string by, CancellationToken cancellation)
    {
        var state = await LiveAsync(job, "changed", cancellation);
        var now = await jobs.NowAsync(cancellation);
        var budget = request.Budget is { } dollars ? Money.FromDollars(dollars) : (Money?)null;
        RequireOwn(job, state, budget);
        RequireEnough(job, state, budget, "update", now);
        var deadline = request.Deadline is { } text ? Deadline(text, request.TimeZone, state, now) : (DateTimeOffset?)null;
        var row = await service.UpdateAsync(new(job.Id), new(by, budget, request.MaxHourly is { } hour ? Money.FromDollars(hour) : null, deadline) { Priority = request.Priority }, cancellation);
        var (isDecided, refusal) = await answers.AwaitAsync(new(job.Id), row, cancellation);
        if (refusal is not null)
        {
            throw new DeskException(Refusal.Policy, refusal, $"orchestrator show {job.Name} says what it does");
        }

        if (!isDecided)
        {
            return new(job, $"it is asked for, and not decided yet: orchestrator events {job.Name} will say what became of it");
        }

        string?[] parts =
        [
            budget is { } total ? $"its budget is {total} over all attempts" : null,
            request.MaxHourly is { } most ? $"nothing is rented above {Money.FromDollars(most)}/h" : null,
            deadline is { } at ? string.Create(CultureInfo.InvariantCulture, $"it must be done by {at.UtcDateTime:yyyy-MM-dd HH:mm} UTC") : null,
            request.Priority is { } rank ? string.Create(CultureInfo.InvariantCulture, $"its priority is {rank}") : null,
        ];
        var goesOn = !IsPaused(state) ? "" : IsPaused((await jobs.LoadAsync(new(job.Id), cancellation)).State) ? $"; it stays paused: orchestrator resume {job.Name}" : "; it goes on from its newest checkpoint";
        return new(job, $"from now on {string.Join(", ", parts.OfType<string>())}{goesOn}");
    }

    private static bool IsPaused(JobState state) => state.Phase == JobPhase.Paused || state.Verdict?.Phase == JobPhase.Paused;

    private static DateTimeOffset Deadline(string text, string zone, JobState state, DateTimeOffset now)
    {
        if (Calendar.Zone(zone) is null || !Calendar.TryInstant(text, now, zone, out var at, out _))
        {
            throw new DeskException(Refusal.BadRequest, $"\"{Views.Clean.Line(text, 60)}\" is no time", $"give {Calendar.Expected}");
        }

        return at <= now ? throw new DeskException(Refusal.BadRequest, "the deadline has passed", "give a later one")
            : state.Terms.NotBefore >= at ? throw new DeskException(Refusal.BadRequest, "the job would start at or after its deadline", "give a later one")
            : at;
    }

    private static void RequireOwn(JobRef job, JobState state, Money? budget)
    {
        if (budget is not null && state.Terms.Batch is { SharesBudget: true } shared)
        {
            throw new DeskException(Refusal.Policy, $"job {job.Name} shares the budget of batch {shared.Name}", $"orchestrator batch {shared.Name} --budget AMOUNT raises it for all");
        }
    }

    private void RequireEnough(JobRef job, JobState state, Money? budget, string verb, DateTimeOffset now)
    {
        if (state.Terms.Batch is not { SharesBudget: true } && budget is { } most && Kernel.LeastBudget(state, engine.Policies, now) is var least && most < least)
        {
            var cents = decimal.Ceiling(least.Dollars * 100) / 100;
            throw new DeskException(
                Refusal.Policy,
                $"job {job.Name} has spent {state.SpentAt(now)}; a budget of {most} leaves too little to go on with, the least is {Money.FromDollars(cents)}",
                string.Create(CultureInfo.InvariantCulture, $"raise its budget: orchestrator {verb} {job.Name} --budget {decimal.Ceiling(least.Dollars) + 1:0}"));
        }
    }

    public async Task<CommandReply> SaveAsync(JobRef job, string by, CancellationToken cancellation)
    {
        var state = await LiveAsync(job, "asked for a checkpoint", cancellation);
        if (!state.Terms.CanRequestCheckpoint)
        {
            throw new DeskException(Refusal.Policy, $"job {job.Name} has no way to ask its trainer for a checkpoint", "give its spec checkpoints.request: {signal: SIGUSR1} or {file: PATH}");
        }

        if (state.Current() is not { Phase: Attempts.AttemptPhase.Running })
        {
            throw new DeskException(Refusal.Policy, $"job {job.Name} is not training now", $"orchestrator show {job.Name} says what it does");
        }

        await service.SaveAsync(new(job.Id), by, cancellation);
        return new(job, $"a checkpoint is asked for; `orchestrator checkpoints {job.Name}` shows it once it is in the store");
    }

    private async Task<string> EndedAsync(JobRef job, CancellationToken cancellation) =>
        await series.OfJobAsync(new(job.Id), cancellation) is { StoppedAt: null } of && EngineSeriesDesk.Ref(of) is { Id: var id }
            ? $"its next run comes by itself; orchestrator cancel {id} stops the series"
            : $"orchestrator retry {job.Name} runs it again";

    private async Task<JobState> LiveAsync(JobRef job, string done, CancellationToken cancellation)
    {
        var state = (await jobs.LoadAsync(new JobId(job.Id), cancellation)).State;
        return state.Phase.IsTerminal() || state.Verdict is { Phase: var verdict } && verdict.IsTerminal()
            ? throw new DeskException(Refusal.Policy, $"job {job.Name} has ended ({Words.Of(state.Verdict?.Phase ?? state.Phase)}) and cannot be {done}", await EndedAsync(job, cancellation))
            : state;
    }
}
