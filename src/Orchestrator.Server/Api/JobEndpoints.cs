using Orchestrator.Engine.Specs;
using Orchestrator.Server.Desk;
using Orchestrator.Server.Security;

namespace Orchestrator.Server.Api;

/// <summary>Reading and commanding jobs.</summary>
internal static class JobEndpoints
{
    private const int MostEvents = 5_000;
    internal const long LargestRequest = 2_000_000;

    internal static void MapJobs(this IEndpointRouteBuilder api)
    {
        api.MapGet("/jobs", async (bool? all, DateTimeOffset? since, string? label, IJobReader reader, ISystemDesk system, ISeriesDesk series, CancellationToken cancellation) =>
        {
            var (leaks, checkedAt) = await system.LeaksAsync(cancellation);
            return Json(new JobList(await reader.ListAsync(new(all ?? since is not null, since, Label(label)), cancellation), leaks, checkedAt) { Leaked = await system.LeakedAsync(cancellation), Series = await series.ListAsync(cancellation) });
        });
        api.MapPost("/jobs", async (SubmitRequest request, IJobCommands commands, HttpContext context) =>
        {
            Check(request);
            return Json(await commands.SubmitAsync(request, By(context), context.RequestAborted));
        }).WithMetadata(new Microsoft.AspNetCore.Mvc.RequestSizeLimitAttribute(LargestRequest)).ForOperators();
        api.MapGet("/jobs/{job}", async (string job, IJobReader reader, CancellationToken cancellation) => Json(await FindAsync(reader, job, cancellation)));
        api.MapGet("/jobs/{job}/events", async (string job, long? after, IJobReader reader, CancellationToken cancellation) =>
            Json(await reader.TimelineAsync((await FindAsync(reader, job, cancellation)).Id, after ?? 0, MostEvents, cancellation)));
        api.MapGet("/jobs/{job}/replay", async (string job, IJobReader reader, ISystemDesk system, CancellationToken cancellation) =>
            Json(await system.ReplayAsync((await FindAsync(reader, job, cancellation)).Id, cancellation)));
        api.MapGet("/jobs/{job}/reach", async (string job, IJobReader reader, IReachDesk reach, CancellationToken cancellation) =>
        {
            var found = await FindAsync(reader, job, cancellation);
            return Json(await reach.ReachAsync(new(found.Id, found.Name), cancellation));
        }).ForOperators();
        api.MapPost("/jobs/{job}/cancel", (string job, bool? now, IJobReader reader, IJobCommands commands, HttpContext context) =>
            CommandAsync(reader, job, context, found => commands.CancelAsync(found, By(context), now ?? false, context.RequestAborted))).ForOperators();
        api.MapPost("/jobs/{job}/pause", (string job, IJobReader reader, IJobCommands commands, HttpContext context) =>
            CommandAsync(reader, job, context, found => commands.PauseAsync(found, By(context), context.RequestAborted))).ForOperators();
        api.MapPost("/jobs/{job}/save", (string job, IJobReader reader, IJobCommands commands, HttpContext context) =>
            CommandAsync(reader, job, context, found => commands.SaveAsync(found, By(context), context.RequestAborted))).ForOperators();
        api.MapPost("/jobs/{job}/retry", async (string job, RetryRequest? request, IJobReader reader, IJobCommands commands, HttpContext context) =>
        {
            request ??= new();
            CheckSets(request.Sets);
            var found = await FindAsync(reader, job, context.RequestAborted);
            return Json(await commands.RetryAsync(new(found.Id, found.Name), request, By(context), context.RequestAborted));
        }).WithMetadata(new Microsoft.AspNetCore.Mvc.RequestSizeLimitAttribute(LargestRequest)).ForOperators();
        api.MapPost("/jobs/{job}/resume", (string job, ResumeRequest? request, IJobReader reader, IJobCommands commands, HttpContext context) =>
        {
            CheckMoney(request?.Budget, "budget");
            return CommandAsync(reader, job, context, found => commands.ResumeAsync(found, request?.Budget, By(context), context.RequestAborted));
        }).ForOperators();
        api.MapPost("/jobs/{job}/update", (string job, UpdateRequest request, IJobReader reader, IJobCommands commands, HttpContext context) =>
        {
            CheckMoney(request.Budget, "budget");
            CheckMoney(request.MaxHourly, "max-hourly");
            if (request is { Budget: null, MaxHourly: null, Deadline: null, Priority: null })
            {
                throw new DeskException(Refusal.BadRequest, "nothing is to be changed", "give --budget, --max-hourly, --deadline or --priority");
            }

            if (request.Priority is < -100 or > 100)
            {
                throw new DeskException(Refusal.BadRequest, "the priority is not between -100 and 100", "give a whole number, for example --priority 10");
            }

            return CommandAsync(reader, job, context, found => commands.UpdateAsync(found, request, By(context), context.RequestAborted));
        }).ForOperators();
    }

    internal static void CheckMoney(decimal? dollars, string what)
    {
        if (dollars is <= 0 or > 1_000_000)
        {
            throw new DeskException(Refusal.BadRequest, $"the {what} is not between $0 and $1,000,000", $"give dollars, for example --{what} 5");
        }
    }

    internal static async Task<JobDetails> FindAsync(IJobReader reader, string idOrName, CancellationToken cancellation) =>
        await reader.FindAsync(idOrName, cancellation)
            ?? throw new DeskException(Refusal.NotFound, $"there is no job \"{Views.Clean.Line(idOrName, 80)}\"", "orchestrator jobs --all lists them");

    internal static IResult Json<T>(T value) => TypedResults.Json(value, ApiJson.Options);

    internal static string By(HttpContext context) => context.User.Identity?.Name ?? "unknown";

    private static async Task<IResult> CommandAsync(IJobReader reader, string job, HttpContext context, Func<JobRef, Task<CommandReply>> command)
    {
        var found = await FindAsync(reader, job, context.RequestAborted);
        return Json(await command(new(found.Id, found.Name)));
    }

    /// <summary>A NUL ends PostgreSQL's patience, and nothing longer is a label.</summary>
    private static string? Label(string? label) => label is null or { Length: > 0 and <= 200 } && label?.Contains('\0', StringComparison.Ordinal) != true
        ? label
        : throw new DeskException(Refusal.BadRequest, "that is no label", "write --label team=nlp, or --label team for any value");

    internal static void Check(SubmitRequest request)
    {
        if (string.IsNullOrWhiteSpace(request.Yaml) || string.IsNullOrWhiteSpace(request.FileName) || !Path.IsPathRooted(request.Folder))
        {
            throw new DeskException(Refusal.BadRequest, "a submit needs yaml, fileName and an absolute folder", "use orchestrator submit FILE");
        }

        CheckSets(request.Sets);
    }

    internal static void CheckSets(System.Collections.Immutable.ImmutableArray<string> sets)
    {
        if (!sets.IsDefault && sets.Any(set => set is null || SpecSetting.Parse(set) is null))
        {
            throw new DeskException(Refusal.BadRequest, "one of the sets has no value", "write each as path=value");
        }
    }
}
