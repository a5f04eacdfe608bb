using System.CommandLine;
using Orchestrator.Server.Api;
using Orchestrator.Server.Views;

namespace Orchestrator.Server.Cli.Verbs;

/// <summary><c>batch</c>: the jobs of a matrix as one.</summary>
internal static class BatchVerb
{
    internal static Command Create(Terminal terminal)
    {
        var name = new Argument<string>("name") { Description = "Name of a batch, or its number: sweep, #4", HelpName = "NAME" };
        var sort = new Option<string?>("--sort") { Description = "Least first: cost, number, state, progress, attempts, place, a metric such as eval_loss, or matrix.NAME", HelpName = "BY" };
        var descending = new Option<bool>("--desc") { Description = "Most first" };
        var cancel = new Option<bool>("--cancel") { Description = "End all its jobs and give their instances back" };
        var pause = new Option<bool>("--pause") { Description = "Stop all its jobs at their newest checkpoints" };
        var resume = new Option<bool>("--resume") { Description = "Let its paused jobs go on" };
        var budget = new Option<string?>("--budget") { Description = "New budget of all its jobs together", HelpName = "$" };
        return Verb.Create("batch", "Show the jobs of a batch, or ask something of all of them", terminal, async (context, cancellation) =>
        {
            var batch = context.Parsed.GetRequiredValue(name);
            var asked = new (bool Is, string Path, object? Body)[]
            {
                (context.Parsed.GetValue(cancel), "/cancel", null),
                (context.Parsed.GetValue(pause), "/pause", null),
                (context.Parsed.GetValue(resume), "/resume", null),
                (context.Parsed.GetValue(budget) is not null, "/budget", context.Parsed.GetValue(budget) is { } text ? new BatchRequest(Verb.Dollars(text)) : null),
            }.Where(one => one.Is).ToList();
            if (asked.Count > 1)
            {
                throw new CliException(ExitCodes.Usage, "one thing at a time can be asked of a batch", "give one of --cancel, --pause, --resume and --budget");
            }

            using var api = await context.ConnectAsync(cancellation);
            if (asked is [var (_, path, body)])
            {
                var reply = await api.PostAsync<BatchReply>(ApiClient.Batch(batch, path), body, cancellation);
                Print(context, reply, [Clean.Line($"{reply.Name}: {reply.Text}")]);
                return ExitCodes.Done;
            }

            var details = await api.GetAsync<BatchDetails>(ApiClient.Batch(batch), cancellation);
            var by = context.Parsed.GetValue(sort);
            if (by is not null && !BatchSort.Names(details).Contains(by))
            {
                throw new CliException(ExitCodes.Usage, $"the jobs of {details.Name} have no \"{by}\"", $"--sort takes {string.Join(", ", BatchSort.Names(details))}");
            }

            details = BatchSort.By(details, by, context.Parsed.GetValue(descending));
            Print(context, details, BatchView.Lines(details, terminal.Width, terminal.Paint, context.Now, terminal.Zone));
            return ExitCodes.Done;
        }, name, sort, descending, cancel, pause, resume, budget);
    }

    private static void Print(CliContext context, object value, IEnumerable<string> lines)
    {
        if (context.Json)
        {
            context.PrintJson(value);
        }
        else
        {
            context.Print(lines);
        }
    }
}
