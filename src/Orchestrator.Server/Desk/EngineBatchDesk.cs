using System.Globalization;
using Orchestrator.Batches;
using Orchestrator.Engine.Installations;
using Orchestrator.Engine.Store;
using Orchestrator.Engine.Store.Views;
using Orchestrator.Engine.Submitting;
using Orchestrator.Jobs;
using Orchestrator.Server.Api;
using Orchestrator.Server.Composition;

namespace Orchestrator.Server.Desk;

/// <summary>Batches as the engine's store knows them.</summary>
public sealed class EngineBatchDesk(BatchStore batches, JobQueries jobs, JobService service, Installation installation, ServeOptions options) : IBatchDesk
{
    public async Task<BatchDetails> FindAsync(string name, CancellationToken cancellation)
    {
        var batch = await RecordAsync(name, cancellation);
        var summaries = (await jobs.ListAsync(new JobFilter { Batch = batch.Id, Limit = int.MaxValue }, cancellation)).OrderBy(job => job.Batch?.Number).ToList();
        var places = BatchLine.Places(batch.Members);
        var cost = summaries.Aggregate(Money.Zero, (sum, job) => sum + job.Cost);
        var beyond = batch.Members.Aggregate(Money.Zero, (sum, member) => sum + member.Unmetered);
        var holds = batch.Members.Aggregate(Money.Zero, (sum, member) => sum + member.Holds);
        // The two meters are read one after the other.
        var left = batch.Rules.Budget is { } budget ? (budget > holds ? budget - holds : Money.Zero, holds > cost + beyond ? holds - cost - beyond : Money.Zero) : ((Money Free, Money Held)?)null;
        return new BatchDetails
        {
            Id = batch.Id,
            Name = batch.Rules.Name,
            Owner = batch.Owner,
            SubmittedAt = batch.SubmittedAt,
            EndedAt = batch.EndedAt,
            Budget = batch.Rules.Budget?.Dollars,
            Cost = cost.Dollars,
            BeyondMeter = beyond.Dollars,
            Held = left?.Held.Dollars,
            Free = left?.Free.Dollars,
            MaxParallel = batch.Rules.MaxParallel,
            Canary = batch.Rules.Canary,
            Proven = batch.Members.Count(member => member.IsProven),
            FailFast = batch.Rules.FailFast,
            Jobs = [.. summaries.Select(job => new BatchJob(places.TryGetValue(new JobId(job.Id), out var place) ? place : null, JobViews.Summary(job)))],
        };
    }

    public async Task<BatchReply> CancelAsync(string name, string by, CancellationToken cancellation) =>
        await EachAsync(name, member => !member.HasEnded, job => service.CancelAsync(job, by, now: false, cancellation), "cancelled",
            "their newest checkpoints are stored first, then their instances are given back", cancellation);

    public async Task<BatchReply> PauseAsync(string name, string by, CancellationToken cancellation) =>
        await EachAsync(name, member => !member.HasEnded && member.Phase != JobPhase.Paused, job => service.PauseAsync(job, by, cancellation), "paused",
            "they stop at their newest checkpoints", cancellation);

    public async Task<BatchReply> ResumeAsync(string name, string by, CancellationToken cancellation) =>
        await AskAsync(await RecordAsync(name, cancellation), batch => batches.PausedAsync(batch, byPeople: true, cancellation), job => service.ResumeAsync(job, by, null, cancellation), "resumed", "they go on in turn");

    public async Task<BatchReply> RetryAsync(string name, Api.RetryRequest request, string by, CancellationToken cancellation)
    {
        HandedSpecs.RequireRenting(installation);
        var batch = await RecordAsync(name, cancellation);
        var wanted = new Engine.Submitting.RetryRequest { By = by, Sets = request.Sets.IsDefault ? [] : request.Sets, Defaults = options.Configuration.Defaults };
        try
        {
            var (begun, refused) = await service.RetryFailedAsync(batch.Id, wanted, cancellation);
            if (refused is not null)
            {
                throw new DeskException(
                    Refusal.BadRequest, string.Create(CultureInfo.InvariantCulture, $"job {refused.Name} cannot be submitted again as it is; {begun.Length} before it were"),
                    "change what is in the way with --set path=value; those that were are not submitted twice", HandedSpecs.Lines(refused.Problems, refused.Name));
            }

            return begun.IsEmpty
                ? throw new DeskException(Refusal.Policy, $"no job of batch {batch.Rules.Name} has failed that was not retried", $"orchestrator batch {batch.Rules.Name} shows what each does")
                : new BatchReply(batch.Rules.Name, begun.Length, string.Create(CultureInfo.InvariantCulture, $"{begun.Length} of {batch.Members.Length} jobs were submitted again, each from where it stood; they begin in turn"));
        }
        catch (StartRefusedException refused)
        {
            throw new DeskException(Refusal.Policy, refused.Message, refused.WhatToDo);
        }
    }

    public async Task<BatchReply> SetBudgetAsync(string name, decimal budget, string by, CancellationToken cancellation)
    {
        var batch = await RecordAsync(name, cancellation);
        if (batch.Rules.Budget is not { } before)
        {
            throw new DeskException(Refusal.Policy, $"the jobs of batch {batch.Rules.Name} share no budget", "each has its own: orchestrator resume JOB --budget AMOUNT");
        }

        var money = Money.FromDollars(budget);
        if (await batches.SetBudgetAsync(batch.Id, money, by, cancellation) is { } held)
        {
            throw new DeskException(
                Refusal.Policy,
                $"batch {batch.Rules.Name} has spent {held} or lets what runs spend it; a budget of {money} would be passed already",
                string.Create(CultureInfo.InvariantCulture, $"at least {decimal.Ceiling(held.Dollars * 100) / 100:0.00}, or cancel some of its jobs first"));
        }

        // Whom a person stopped goes on when a person says so.
        var paused = money > before ? await batches.PausedAsync(batch.Id, byPeople: false, cancellation) : [];
        foreach (var job in paused)
        {
            await service.ResumeAsync(job, by, null, cancellation);
        }

        return new BatchReply(batch.Rules.Name, batch.Members.Length, $"its budget is {money} now, {before} before{(paused.Count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"; {paused.Count} that it had stopped go on in turn"))}");
    }

    private async Task<BatchReply> EachAsync(string name, Func<BatchMember, bool> meant, Func<JobId, Task> ask, string done, string then, CancellationToken cancellation)
    {
        var batch = await RecordAsync(name, cancellation);
        return await AskAsync(batch, _ => Task.FromResult<IReadOnlyList<JobId>>([.. batch.Members.Where(meant).Select(member => member.Job)]), ask, done, then);
    }

    private static async Task<BatchReply> AskAsync(BatchRecord batch, Func<long, Task<IReadOnlyList<JobId>>> meant, Func<JobId, Task> ask, string done, string then)
    {
        var jobs = await meant(batch.Id);
        if (jobs.Count == 0)
        {
            throw new DeskException(Refusal.Policy, $"no job of batch {batch.Rules.Name} can be {done}", $"orchestrator batch {batch.Rules.Name} shows what each does");
        }

        foreach (var job in jobs)
        {
            await ask(job);
        }

        return new BatchReply(batch.Rules.Name, jobs.Count, string.Create(CultureInfo.InvariantCulture, $"{jobs.Count} of {batch.Members.Length} jobs are being {done}; {then}"));
    }

    private async Task<BatchRecord> RecordAsync(string name, CancellationToken cancellation) =>
        (name.StartsWith('#') && long.TryParse(name.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? await batches.FindAsync(id, cancellation) : await batches.FindAsync(name, cancellation))
        ?? throw new DeskException(Refusal.NotFound, $"there is no batch \"{Views.Clean.Line(name, 80)}\"", "orchestrator jobs lists jobs and batches");
}
