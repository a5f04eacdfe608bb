using System.CommandLine;
using Orchestrator.Server.Cli.Contexts;
using Orchestrator.Server.Views;

namespace Orchestrator.Server.Cli.Verbs;

/// <summary><c>context</c>: which server commands go to. <c>login URL</c> makes one.</summary>
internal static class ContextVerb
{
    private const int LongestUrl = 200;

    internal static Command Create(Terminal terminal)
    {
        var group = new Command("context", "Choose the server that commands go to");
        group.Subcommands.Add(Verb.Create("list", "List the servers you have signed in to", terminal, (context, _) =>
        {
            var all = context.Contexts();
            if (context.Json)
            {
                context.PrintJson(all.Contexts.Select(one => new { name = one.Key, url = one.Value.Url, current = one.Key == all.Current }));
            }
            else
            {
                context.Print(
                [
                    $"{Mark(all.Current is null)} {ServerContexts.Local}  this machine's own server",
                    .. all.Contexts.Select(one => $"{Mark(one.Key == all.Current)} {one.Key}  {Clean.Line(one.Value.Url, LongestUrl)}"),
                ]);
            }

            return Task.FromResult(ExitCodes.Done);
        }));
        var used = Name($"Name of a context; {ServerContexts.Local} is this machine's own server");
        group.Subcommands.Add(Verb.Create("use", "Send commands there from now on", terminal, (context, _) =>
        {
            var (name, all) = (context.Parsed.GetRequiredValue(used), context.Contexts());
            var chosen = name == ServerContexts.Local ? null : all.Named(name);
            context.ContextFile.Write(all with { Current = chosen is null ? null : name });
            Answer(context, name, $"commands go to {(chosen is null ? "this machine's own server" : $"{name}, {Clean.Line(chosen.Url, LongestUrl)}")}");
            return Task.FromResult(ExitCodes.Done);
        }, used));
        var removed = Name("Name of a context");
        group.Subcommands.Add(Verb.Create("remove", "Forget a server and its token", terminal, (context, _) =>
        {
            var (name, all) = (context.Parsed.GetRequiredValue(removed), context.Contexts());
            all.Named(name);
            var current = all.Current == name;
            context.ContextFile.Write(new(current ? null : all.Current, all.Contexts.Remove(name)));
            Answer(context, name, $"{name} is forgotten here{(current ? ", and commands go to this machine's own server" : "")}; its token is good until it expires or is revoked there");
            return Task.FromResult(ExitCodes.Done);
        }, removed));
        return group;
    }

    private static Argument<string> Name(string description) => new("name") { Description = description, HelpName = "NAME" };

    private static char Mark(bool current) => current ? '*' : ' ';

    private static void Answer(CliContext context, string name, string words)
    {
        if (context.Json)
        {
            context.PrintJson(new { name });
        }
        else
        {
            context.Print([words]);
        }
    }
}
