using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Orchestrator.Engine.Configuration;
using Orchestrator.Engine.Embedded;
using Orchestrator.Engine.Installations;
using Orchestrator.Engine.Security;
using Orchestrator.Engine.Store;
using Orchestrator.Server.Cli.Verbs;
using Orchestrator.Server.Configuration;

namespace Orchestrator.Server.Cli;

/// <summary>The executable: parses, runs one verb, and maps every failure to a line and an exit code.</summary>
public static class CommandLine
{
    public static async Task<int> RunAsync(string[] arguments, Terminal terminal, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(terminal);
        var root = Build(terminal);
        // "@file" is an argument like any other: a path or a value may begin with it.
        var parsed = root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        // Help and the version need no complete command line.
        if (parsed.Action is null or ParseErrorAction || parsed.CommandResult.Command.Action == parsed.Action)
        {
            if (UsageErrors.Find(parsed) is { } wrong)
            {
                await terminal.Error.WriteLineAsync(wrong);
                return ExitCodes.Usage;
            }
        }

        try
        {
            // No termination handler: verbs that outlive a Ctrl-C say so themselves, the others end as programs do.
            return await parsed.InvokeAsync(
                new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null, Output = terminal.Out, Error = terminal.Error }, cancellation);
        }
        catch (CliException refused)
        {
            await PrintAsync(terminal, refused);
            return refused.ExitCode;
        }
        catch (Exception known) when (known is DataFolderException or ConfigurationException or EmbeddedPostgresException or SecretsKeyException or InstallationException or MigrationException or FormatException or InvalidDataException or UnauthorizedAccessException)
        {
            await terminal.Error.WriteLineAsync(known.Message);
            return known is ConfigurationException ? ExitCodes.Usage : ExitCodes.Unreachable;
        }
        catch (IOException closed) when (terminal.Out == Console.Out && closed.HResult == BrokenPipe)
        {
            // "orchestrator jobs | head": the reader has what it wanted.
            return ExitCodes.Done;
        }
        catch (IOException disk)
        {
            await terminal.Error.WriteLineAsync(disk.Message);
            return ExitCodes.Usage;
        }
    }

    internal static RootCommand Build(Terminal terminal)
    {
        var root = new RootCommand("Trains models on rented GPUs: rents, watches, resumes, gives back.") { GlobalOptions.Data, GlobalOptions.Json, GlobalOptions.Server, GlobalOptions.Context, GlobalOptions.Authority };
        foreach (var verb in AllVerbs.Create(terminal))
        {
            root.Subcommands.Add(verb);
        }

        return root;
    }

    private const int BrokenPipe = 32;

    private static async Task PrintAsync(Terminal terminal, CliException refused)
    {
        if (!refused.Lines.IsDefaultOrEmpty)
        {
            foreach (var line in refused.Lines)
            {
                await terminal.Error.WriteLineAsync(Views.Clean.Line(line, 1_000));
            }

            return;
        }

        await terminal.Error.WriteLineAsync(Views.Clean.Line(refused.WhatToDo.Length > 0 ? $"{refused.Message}; {refused.WhatToDo}" : refused.Message, 1_000));
    }
}
