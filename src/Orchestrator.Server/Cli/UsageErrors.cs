using System.CommandLine;
using System.CommandLine.Parsing;
using Orchestrator.Engine.Specs;
using Orchestrator.Server.Views;

namespace Orchestrator.Server.Cli;

/// <summary>What is wrong with a command line, in one line that repeats the word and names the nearest known one.</summary>
internal static class UsageErrors
{
    /// <summary>Null = nothing is wrong.</summary>
    internal static string? Find(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        if (UnknownOption(parsed) is { } option)
        {
            return Unknown("option", option, Options(command, parsed.RootCommandResult.Command), parsed);
        }

        if (parsed.UnmatchedTokens is [var word, ..] && command.Subcommands.Count > 0)
        {
            return Unknown("verb", word, command.Subcommands.Select(verb => verb.Name), parsed);
        }

        return parsed.Errors.Count > 0 ? $"{Clean.Line(parsed.Errors[0].Message).TrimEnd('.')}; see: {Usage(parsed)} --help" : null;
    }

    /// <summary>The parser takes an option it does not know for an argument where one is free.</summary>
    private static string? UnknownOption(ParseResult parsed)
    {
        // What follows "--" is somebody else's: a command to run with options of its own.
        var foreign = parsed.Tokens.SkipWhile(token => token.Type != TokenType.DoubleDash).ToHashSet<Token>(ReferenceEqualityComparer.Instance);
        return parsed.UnmatchedTokens.Concat(parsed.CommandResult.Children.OfType<ArgumentResult>()
                .SelectMany(argument => argument.Tokens.Where(token => !foreign.Contains(token)).Select(token => token.Value)))
            .FirstOrDefault(word => word.Length > 1 && word[0] == '-');
    }

    private static string Unknown(string what, string word, IEnumerable<string> known, ParseResult parsed)
    {
        var name = word.Split('=')[0];
        var meant = Nearest.Of(name, known);
        return $"unknown {what} \"{Clean.Line(name, 60)}\"{(meant is null ? "" : $"; did you mean {meant}?")}; see: {Usage(parsed)} --help".Replace("?;", "?", StringComparison.Ordinal);
    }

    private static IEnumerable<string> Options(Command command, Command root) =>
        command.Options.Concat(root.Options.Where(option => option.Recursive)).Where(option => !option.Hidden).SelectMany(option => (string[])[option.Name, .. option.Aliases]);

    private static string Usage(ParseResult parsed)
    {
        var names = new List<string>();
        for (SymbolResult? at = parsed.CommandResult; at is CommandResult command; at = at.Parent)
        {
            names.Insert(0, command.Command is RootCommand ? "orchestrator" : command.Command.Name);
        }

        return string.Join(' ', names);
    }
}
