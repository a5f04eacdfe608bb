using System.Collections.Immutable;
using System.CommandLine;
using Orchestrator.Server.Api;
using Orchestrator.Server.Views;

namespace Orchestrator.Server.Cli.Verbs;

/// <summary><c>registry</c>: where images come from.</summary>
internal static class RegistryVerb
{
    internal static Command Create(Terminal terminal)
    {
        var group = new Command("registry", "List and try the registries that images come from");
        group.Subcommands.Add(Verb.Create(
            "list", "List the registries of orchestrator.yaml", terminal,
            Verb.Show<ImmutableArray<RegistryView>>(_ => "registries", (_, registries) => Tables.Registries(registries, terminal.Width, terminal.Paint))));
        var name = new Argument<string?>("name") { Description = "Name of one; left out: all", HelpName = "NAME", Arity = ArgumentArity.ZeroOrOne };
        group.Subcommands.Add(Verb.Create("test", "Ask registries whether they take their logins", terminal, async (context, cancellation) =>
        {
            using var api = await context.ConnectAsync(cancellation);
            var query = context.Parsed.GetValue(name) is { } one ? "?name=" + Uri.EscapeDataString(one) : "";
            var report = await api.PostAsync<DoctorReport>("registries/test" + query, null, cancellation);
            if (context.Json)
            {
                context.PrintJson(report);
            }
            else
            {
                context.Print(report.Checks.IsEmpty ? Tables.Registries([], terminal.Width, terminal.Paint) : Tables.Doctor(report.Checks, terminal.Width, terminal.Paint));
            }

            return report.Checks.Any(check => check.Level == "bad") ? ExitCodes.JobFailed : ExitCodes.Done;
        }, name));
        return group;
    }
}
