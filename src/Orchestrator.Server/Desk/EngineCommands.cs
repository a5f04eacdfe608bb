using Orchestrator.Engine.Submitting;
using Orchestrator.Jobs;
using Orchestrator.Reconciling;
using Orchestrator.Server.Api;

namespace Orchestrator.Server.Desk;

/// <summary>A person's commands, handed to the engine.</summary>
internal sealed class EngineCommands(JobService service, IJobReader reader) : IJobCommands
{
    public async Task<SubmitReply> SubmitAsync(Api.SubmitRequest request, string by, CancellationToken cancellation)
    {
        var result = await service.SubmitAsync(
            new Engine.Submitting.SubmitRequest
            {
                Text = request.Yaml, FileName = request.FileName, Folder = request.Folder, Zone = request.TimeZone, Sets = request.Sets, Owner = by,
            },
            cancellation);
        if (result.Job is not { } job)
        {
            throw new DeskException(
                Refusal.BadRequest,
                $"{request.FileName} was not accepted",
                "mend what is named and submit again",
                [.. result.Problems.Select(problem => new SpecProblem(problem.Line, problem.Column, SeverityOf(problem, result), result.Line(problem)))]);
        }

        return new SubmitReply(new JobRef(job.Value, result.Name), [.. result.Problems.Select(result.Line)]);
    }

    public Task<CommandReply> CancelAsync(JobRef job, string by, CancellationToken cancellation) =>
        SendAsync(job, id => service.CancelAsync(id, by, cancellation), "is being cancelled: the trainer is asked to stop, then the instance is destroyed", cancellation);

    public Task<CommandReply> PauseAsync(JobRef job, string by, CancellationToken cancellation) =>
        SendAsync(job, id => service.PauseAsync(id, by, cancellation), "is being paused; `orchestrator resume` goes on from its last checkpoint", cancellation);

    public async Task<CommandReply> ResumeAsync(JobRef job, decimal? budget, string by, CancellationToken cancellation)
    {
        var details = await RequireAsync(job, cancellation);
        if (details.State != "paused")
        {
            throw new DeskException(Refusal.Policy, $"{job.Name} is {details.State}, only a paused job can be resumed", "orchestrator show says why it is where it is");
        }

        if ((budget ?? details.Budget) is { } limit && limit <= details.Cost)
        {
            throw new DeskException(Refusal.Policy, $"{job.Name} has spent ${details.Cost:0.00##} of ${limit:0.00##}", "give it more: orchestrator resume JOB --budget DOLLARS");
        }

        await service.ResumeAsync(new JobId(job.Id), by, budget is { } dollars ? Money.FromDollars(dollars) : null, cancellation);
        return new CommandReply(job, $"{job.Name} goes on");
    }

    public Task<CommandReply> SaveAsync(JobRef job, string by, CancellationToken cancellation) =>
        SendAsync(job, id => service.SaveAsync(id, by, cancellation), "was asked for a checkpoint; `orchestrator checkpoints` shows it once it is in the store", cancellation);

    private static string SeverityOf(Problem problem, SubmitResult result) =>
        problem.Severity == Severity.Error ? "error" : result.Unavailable.Contains(problem) ? "not-available" : "warning";

    private async Task<CommandReply> SendAsync(JobRef job, Func<JobId, Task> send, string what, CancellationToken cancellation)
    {
        var details = await RequireAsync(job, cancellation);
        if (details.State is "succeeded" or "failed" or "cancelled" or "deadline-missed")
        {
            throw new DeskException(Refusal.Policy, $"{job.Name} has ended ({details.State})", "submit it again to run it again");
        }

        await send(new JobId(job.Id));
        return new CommandReply(job, $"{job.Name} {what}");
    }

    private async Task<JobDetails> RequireAsync(JobRef job, CancellationToken cancellation) =>
        await reader.FindAsync(job.Id.ToString(System.Globalization.CultureInfo.InvariantCulture), cancellation)
        ?? throw new DeskException(Refusal.NotFound, $"there is no job {job.Name}", "orchestrator jobs --all lists them");
}
