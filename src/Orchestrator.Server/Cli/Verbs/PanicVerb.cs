using System.Collections.Immutable;
using System.CommandLine;
using Orchestrator.Providers;
using Orchestrator.Server.Cli.Panicking;
using Orchestrator.Server.Composition;
using Orchestrator.Server.Configuration;
using Orchestrator.Server.Views;

namespace Orchestrator.Server.Cli.Verbs;

/// <summary><c>panic</c>: for the day on which neither server nor database is left.</summary>
internal static class PanicVerb
{
    private static readonly TimeSpan _longest = TimeSpan.FromMinutes(10);

    internal static Command Create(Terminal terminal)
    {
        var yes = new Option<bool>("--yes") { Description = "Destroy without asking" };
        var epoch = new Option<string?>("--installation") { Description = "Only what this installation rented (the word after orc- in labels); left out: any installation's", HelpName = "EPOCH" };
        return Verb.Create(
            "panic", "Destroy everything that orchestrator has rented on every account; needs API keys (orchestrator.yaml, or the environment) and nothing else", terminal,
            (context, cancellation) => RunAsync(context, context.Parsed.GetValue(yes), context.Parsed.GetValue(epoch), cancellation), yes, epoch);
    }

    private static async Task<int> RunAsync(CliContext context, bool yes, string? epoch, CancellationToken cancellation)
    {
        var rental = new BareRental(Environment.GetEnvironmentVariable);
        var accounts = rental.Accounts(Configured(context));
        if (accounts.IsEmpty)
        {
            throw new CliException(ExitCodes.Usage, "there is no account to look at", $"set an API key: {string.Join(", ", KeyVariables.Names.Values)}; or name accounts in orchestrator.yaml");
        }

        var providers = accounts.Select(rental.Make).ToList();
        var run = new PanicRun(providers, epoch, TimeProvider.System, words => context.Terminal.Error.WriteLine(Clean.Line(words, 300)));
        var look = await run.LookAsync(cancellation);
        var shown = PanicTable.Lines(look, context.Terminal.Width, context.Terminal.Paint);
        if (context.Json)
        {
            // Whoever is asked has to see what it is about.
            foreach (var line in shown)
            {
                await context.Terminal.Error.WriteLineAsync(line);
            }
        }
        else
        {
            context.Print(shown);
        }

        if (EmbeddedServer.Find(context.Folder) is { } server && !look.Found.IsEmpty)
        {
            await context.Terminal.Error.WriteLineAsync($"a server runs here (pid {server.Pid}) and would rent again for its jobs: cancel them, or stop it first (orchestrator server stop)");
        }

        // An empty look is no proof: it is repeated below.
        if (!look.Found.IsEmpty && !yes && !await AskAsync(context, look.Found.Length, cancellation))
        {
            throw new CliException(ExitCodes.Policy, "nothing was destroyed", "");
        }

        return Done(context, await run.DestroyAsync(look, _longest, cancellation), accounts);
    }

    /// <summary>A configuration that cannot be read must not keep anybody from ending what costs.</summary>
    private static ImmutableArray<AccountEntry> Configured(CliContext context)
    {
        try
        {
            return context.Configuration().Accounts;
        }
        catch (ConfigurationException unreadable)
        {
            context.Terminal.Error.WriteLine(Clean.Line($"orchestrator.yaml is left out, keys of the environment count: {unreadable.Message}", 300));
            return [];
        }
    }

    private static async Task<bool> AskAsync(CliContext context, int instances, CancellationToken cancellation)
    {
        var terminal = context.Terminal;
        if (!terminal.InputIsTerminal)
        {
            throw new CliException(ExitCodes.Usage, $"{instances} would be destroyed, and nobody can be asked", "say --yes, once you have looked");
        }

        await terminal.Error.WriteAsync($"destroy {(instances == 1 ? "it" : $"all {instances}")}, with what was not saved? Type yes: ");
        return (await terminal.In.ReadLineAsync(cancellation))?.Trim() == "yes";
    }

    private static int Done(CliContext context, PanicReport report, ImmutableArray<AccountEntry> accounts)
    {
        if (context.Json)
        {
            context.PrintJson(report);
        }
        else
        {
            context.Print(PanicTable.End(report, [.. accounts.Select(account => account.Provider)]));
        }

        return report.IsClean ? ExitCodes.Done : ExitCodes.JobFailed;
    }
}
