using System.CommandLine;
using Orchestrator.Server.Api;
using Orchestrator.Server.Cli.Rehearsing;

namespace Orchestrator.Server.Cli.Verbs;

/// <summary><c>rehearse</c>: what a weekend would find out, for a few cents before it.</summary>
internal static class RehearseVerb
{
    internal static Command Create(Terminal terminal)
    {
        var file = SpecVerbs.File();
        var sets = SpecVerbs.Sets();
        var max = new Option<string?>("--max") { Description = $"Most it may cost, in dollars (quote a $: the shell reads $0); without it {RehearsalMax.Default:0.00}", HelpName = "DOLLARS" };
        return Verb.Create(
            "rehearse",
            "Rent what a job would, run it to two stored checkpoints, kill it on purpose, see it resume, give all back; Ctrl-C stops it",
            terminal,
            async (context, cancellation) =>
            {
                var dollars = RehearsalMax.Parse(context.Parsed.GetValue(max));
                var request = SpecFile.Read(context.Parsed.GetRequiredValue(file), context.Parsed.GetValue(sets) ?? []);
                SpecVerbs.Settings(request.Sets);
                SubmitReply reply;
                using (var api = await context.ConnectAsync(cancellation))
                {
                    reply = await api.PostAsync<SubmitReply>("rehearsals", new RehearseRequest(request, dollars), cancellation);
                }

                foreach (var note in reply.Notes)
                {
                    await context.Terminal.Error.WriteLineAsync(Views.Clean.Line(note, 1_000));
                }

                var job = reply.Job ?? throw new CliException(ExitCodes.Unreachable, "the server's answer cannot be read", "is it of the same version? orchestrator version");
                if (!context.Json)
                {
                    context.Print([$"rehearsal r-{job.Id}: {job.Name} #{job.Id}, at most ${Views.Say.Dollars(dollars)}"]);
                }

                using var printer = new RehearsalPrinter(context, job);
                return await printer.RunAsync(cancellation);
            },
            file,
            sets,
            max);
    }
}
