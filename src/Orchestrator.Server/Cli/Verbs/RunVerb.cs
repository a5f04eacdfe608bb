using System.CommandLine;
using Orchestrator.Server.Api;

namespace Orchestrator.Server.Cli.Verbs;

/// <summary><c>run</c> and <c>submit</c>.</summary>
internal static class RunVerb
{
    /// <summary>So long a person looks at an empty line without wondering.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(3);

    internal static Command Submit(Terminal terminal)
    {
        var file = SpecVerbs.File();
        var sets = SpecVerbs.Sets();
        return Verb.Create("submit", "Hand a job in and return", terminal, async (context, cancellation) =>
        {
            using var api = await context.ConnectAsync(cancellation);
            await SubmitAsync(context, api, file, sets, isLast: true, cancellation);
            return ExitCodes.Done;
        }, file, sets);
    }

    internal static Command Run(Terminal terminal)
    {
        var file = SpecVerbs.File();
        var sets = SpecVerbs.Sets();
        var detach = new Option<bool>("--detach") { Description = "Return at once, as submit does" };
        return Verb.Create("run", "Hand a job in and follow it; Ctrl-C detaches", terminal, async (context, cancellation) =>
        {
            using var api = await context.ConnectAsync(cancellation);
            var isLast = context.Parsed.GetValue(detach);
            var reply = await SubmitAsync(context, api, file, sets, isLast, cancellation);
            if (isLast || reply.Job is not { } job)
            {
                return ExitCodes.Done;
            }

            using var follower = new Follower(context, job);
            return await follower.RunAsync(cancellation);
        }, file, sets, detach);
    }

    private static async Task<SubmitReply> SubmitAsync(CliContext context, ApiClient api, Argument<string> file, Option<string[]> sets, bool isLast, CancellationToken cancellation)
    {
        var request = SpecFile.Read(context.Parsed.GetRequiredValue(file), context.Parsed.GetValue(sets) ?? []);
        SpecVerbs.Settings(request.Sets);
        var sent = api.PostAsync<SubmitReply>("jobs", request, cancellation);
        if (await Task.WhenAny(sent, Task.Delay(_patience, cancellation)) != sent)
        {
            await context.Terminal.Error.WriteLineAsync("code and data are read, and what the store lacks is stored there; nothing is handed in before that");
        }

        var reply = await sent;
        foreach (var note in reply.Notes)
        {
            await context.Terminal.Error.WriteLineAsync(Views.Clean.Line(note, 1_000));
        }

        if (context.Json)
        {
            // One document on standard output: who follows prints the job at its end. Of a series nothing is there to follow yet.
            if (isLast || reply.Job is null)
            {
                context.PrintJson(reply switch
                {
                    { Series: { } begun } => new { job = reply.Job, series = begun },
                    { Batch: { } many } => new { job = reply.Job, batch = many },
                    _ => (object)new { job = reply.Job },
                });
            }
        }
        else if (reply.Series is { } series)
        {
            context.Print([$"submitted  {series.Name} {series.Id}, its first run is due {Views.Say.When(series.Next, context.Now, context.Terminal.Zone)}; orchestrator cancel {series.Id} stops it"]);
        }
        else if (reply.Batch is { } batch)
        {
            context.Print([$"submitted  {batch.Name}, {batch.Jobs} jobs; orchestrator batch {batch.Name} shows them"]);
        }
        else if (reply.Job is { } job)
        {
            context.Print([$"submitted  {job.Name} #{job.Id}"]);
        }

        return reply;
    }
}
