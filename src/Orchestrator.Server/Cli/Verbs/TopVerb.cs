using System.Collections.Immutable;
using System.CommandLine;
using Orchestrator.Server.Api;
using Orchestrator.Server.Views;

namespace Orchestrator.Server.Cli.Verbs;

/// <summary><c>top</c>: what runs now, again and again in place; one look where nobody watches.</summary>
internal static class TopVerb
{
    internal static Command Create(Terminal terminal)
    {
        var once = new Option<bool>("--once") { Description = "One look, as in a pipe" };
        return Verb.Create("top", "Watch what runs now: cost per hour, unsaved work, leaks (until Ctrl-C; in a pipe one look)", terminal, async (context, cancellation) =>
        {
            if (terminal.IsTerminal && !context.Json && !context.Parsed.GetValue(once))
            {
                return await Watch.RunAsync(context, async api => TopView.Lines(await LookAsync(api, cancellation), terminal.Width, terminal.Height - 1, terminal.Paint, terminal.Zone), cancellation);
            }

            using var api = await context.ConnectAsync(cancellation);
            var top = await LookAsync(api, cancellation);
            if (context.Json)
            {
                context.PrintJson(top);
            }
            else
            {
                context.Print(TopView.Lines(top, terminal.Width, null, terminal.Paint, terminal.Zone));
            }

            return ExitCodes.Done;
        }, once);
    }

    private static async Task<TopReply> LookAsync(ApiClient api, CancellationToken cancellation) => TopView.Of(
        await api.GetAsync<JobList>("jobs", cancellation), (await api.GetAsync<ImmutableArray<AlertView>>("alerts", cancellation)).Length, TimeProvider.System.GetUtcNow());
}
