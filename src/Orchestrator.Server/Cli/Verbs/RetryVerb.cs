using System.Collections.Immutable;
using System.CommandLine;
using Orchestrator.Server.Api;

namespace Orchestrator.Server.Cli.Verbs;

/// <summary><c>retry</c>: an ended job once more, from where it stood.</summary>
internal static class RetryVerb
{
    internal static Command Create(Terminal terminal)
    {
        var job = Verb.Job();
        var from = new Option<int?>("--from-checkpoint") { Description = "Begin from this checkpoint, numbered as `checkpoints` shows them; 0 = from the start", HelpName = "N" };
        var failed = new Option<bool>("--failed") { Description = "All jobs of the batch of this name that failed" };
        var sets = SpecVerbs.Sets();
        return Verb.Create("retry", "Submit an ended job, or what failed of a batch, again from its newest checkpoint; what was pinned stays as it was but for --set code=..., data=..., image=...", terminal, async (context, cancellation) =>
        {
            var given = context.Parsed.GetValue(sets) ?? [];
            SpecVerbs.Settings(given);
            using var api = await context.ConnectAsync(cancellation);
            if (context.Parsed.GetValue(failed))
            {
                return await FailedAsync(context, api, context.Parsed.GetRequiredValue(job), [.. given], context.Parsed.GetValue(from), cancellation);
            }

            var reply = await api.PostAsync<SubmitReply>(
                ApiClient.Job(context.Parsed.GetRequiredValue(job), "/retry"), new RetryRequest { FromCheckpoint = context.Parsed.GetValue(from), Sets = [.. given] }, cancellation);
            foreach (var note in reply.Notes)
            {
                await context.Terminal.Error.WriteLineAsync(Views.Clean.Line(note, 1_000));
            }

            if (context.Json)
            {
                context.PrintJson(new { job = reply.Job, start = reply.Start, known = reply.Known });
            }
            else if (reply.Job is { } begun)
            {
                context.Print([Views.Clean.Line(reply.Known
                    ? $"{begun.Name} #{begun.Id} takes it up again already; nothing was submitted"
                    : $"submitted  {begun.Name} #{begun.Id}, from {(reply.Start is { } start ? $"the checkpoint of {start}" : "the start")}")]);
            }

            return ExitCodes.Done;
        }, job, from, failed, sets);
    }

    private static async Task<int> FailedAsync(CliContext context, ApiClient api, string batch, ImmutableArray<string> sets, int? from, CancellationToken cancellation)
    {
        if (from is not null)
        {
            throw new CliException(ExitCodes.Usage, "each job of a batch has checkpoints of its own", "leave --from-checkpoint out, or retry one of its jobs");
        }

        var reply = await api.PostAsync<BatchReply>(ApiClient.Batch(batch, "/retry"), new RetryRequest { Sets = sets }, cancellation);
        if (context.Json)
        {
            context.PrintJson(reply);
        }
        else
        {
            context.Print([Views.Clean.Line($"{reply.Name}: {reply.Text}")]);
        }

        return ExitCodes.Done;
    }
}
