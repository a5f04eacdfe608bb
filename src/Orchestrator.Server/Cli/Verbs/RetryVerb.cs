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
        var sets = SpecVerbs.Sets();
        return Verb.Create("retry", "Submit an ended job again, from its newest checkpoint; what was pinned stays as it was but for --set code=..., data=..., image=...", terminal, async (context, cancellation) =>
        {
            var given = context.Parsed.GetValue(sets) ?? [];
            SpecVerbs.Settings(given);
            using var api = await context.ConnectAsync(cancellation);
            var reply = await api.PostAsync<SubmitReply>(
                ApiClient.Job(context.Parsed.GetRequiredValue(job), "/retry"), new RetryRequest { FromCheckpoint = context.Parsed.GetValue(from), Sets = [.. given] }, cancellation);
            foreach (var note in reply.Notes)
            {
                await context.Terminal.Error.WriteLineAsync(Views.Clean.Line(note, 1_000));
            }

            if (context.Json)
            {
                context.PrintJson(new { job = reply.Job, start = reply.Start });
            }
            else if (reply.Job is { } begun)
            {
                context.Print([Views.Clean.Line($"submitted  {begun.Name} #{begun.Id}, from {(reply.Start is { } start ? $"the checkpoint of {start}" : "the start")}")]);
            }

            return ExitCodes.Done;
        }, job, from, sets);
    }
}
