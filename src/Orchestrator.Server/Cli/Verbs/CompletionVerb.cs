using System.CommandLine;
using System.Text;

namespace Orchestrator.Server.Cli.Verbs;

/// <summary><c>completion</c>: scripts made from the verbs themselves, so that they cannot differ.</summary>
internal static class CompletionVerb
{
    internal static Command Create(Terminal terminal)
    {
        var shell = new Argument<string>("shell") { Description = "bash, zsh or fish", HelpName = "SHELL" };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        return Verb.Create("completion", "Print a completion script for a shell", terminal, (context, _) =>
        {
            var root = CommandLine.Build(terminal);
            terminal.Out.Write(context.Parsed.GetRequiredValue(shell) switch
            {
                "fish" => Fish(root),
                "zsh" => "#compdef orchestrator orc\nautoload -U +X bashcompinit && bashcompinit\n" + Bash(root),
                _ => Bash(root),
            });
            return Task.FromResult(ExitCodes.Done);
        }, shell);
    }

    private static string Bash(RootCommand root)
    {
        var script = new StringBuilder("_orchestrator() {\n  local word=${COMP_WORDS[COMP_CWORD]} verb=${COMP_WORDS[1]} choices=\n  if [ \"$COMP_CWORD\" -le 1 ]; then choices=\"");
        script.AppendJoin(' ', root.Subcommands.Select(command => command.Name)).Append("\"; else\n  case $verb in\n");
        foreach (var command in root.Subcommands)
        {
            script.Append("    ").Append(command.Name).Append(") choices=\"").AppendJoin(' ', Choices(command, root)).Append("\" ;;\n");
        }

        return script.Append("  esac\n  fi\n  COMPREPLY=($(compgen -W \"$choices\" -- \"$word\"))\n  [ ${#COMPREPLY[@]} -gt 0 ] || COMPREPLY=($(compgen -f -- \"$word\"))\n}\ncomplete -o filenames -F _orchestrator orchestrator orc\n").ToString();
    }

    private static string Fish(RootCommand root)
    {
        var script = new StringBuilder();
        foreach (var program in (string[])["orchestrator", "orc"])
        {
            foreach (var command in root.Subcommands)
            {
                script.Append("complete -c ").Append(program).Append(" -n __fish_use_subcommand -f -a ").Append(command.Name).Append(" -d '").Append(command.Description?.Replace("'", "", StringComparison.Ordinal)).Append("'\n");
                foreach (var choice in Choices(command, root))
                {
                    var option = choice.StartsWith("--", StringComparison.Ordinal) ? "-l " + choice[2..] : choice.StartsWith('-') ? "-s " + choice[1..] : "-a " + choice;
                    script.Append("complete -c ").Append(program).Append(" -n '__fish_seen_subcommand_from ").Append(command.Name).Append("' ").Append(option).Append('\n');
                }
            }
        }

        return script.ToString();
    }

    private static IEnumerable<string> Choices(Command command, RootCommand root) =>
    [
        .. command.Subcommands.Select(inner => inner.Name),
        .. command.Arguments.SelectMany(argument => argument.GetCompletions(System.CommandLine.Completions.CompletionContext.Empty)).Select(choice => choice.Label),
        .. command.Options.Concat(command.Subcommands.SelectMany(inner => inner.Options)).Concat(root.Options.Where(option => option.Recursive))
            .Where(option => !option.Hidden)
            .SelectMany(option => (string[])[option.Name, .. option.Aliases]).Where(name => name.StartsWith('-')).Distinct(StringComparer.Ordinal),
    ];
}
