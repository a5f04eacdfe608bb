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
        group.Subcommands.Add(TestVerb.Create(
            "Ask registries whether they take their logins", terminal, "registries",
            () => Tables.Registries([], terminal.Width, terminal.Paint)));
        return group;
    }
}
