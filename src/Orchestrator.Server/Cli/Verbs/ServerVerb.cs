using System.CommandLine;
using Microsoft.Extensions.Logging.Abstractions;
using Orchestrator.Engine.Embedded;
using Orchestrator.Server.Api;
using Orchestrator.Server.Views;

namespace Orchestrator.Server.Cli.Verbs;

/// <summary><c>server</c>: its state, its end, and who else may use it.</summary>
internal static class ServerVerb
{
    private const int Terminate = 15;
    private const int Kill = 9;
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(60);

    internal static Command Create(Terminal terminal)
    {
        var group = new Command("server", "The server of this data folder");
        group.Subcommands.Add(Verb.Create("status", "Say whether it runs, and where", terminal, StatusAsync));
        group.Subcommands.Add(Verb.Create("stop", "Stop it and its PostgreSQL; jobs go on training", terminal, StopAsync));
        group.Subcommands.Add(BackupVerbs.Backup(terminal));
        group.Subcommands.Add(BackupVerbs.Restore(terminal));
        group.Subcommands.Add(TokenVerb.Create(terminal));
        group.Subcommands.Add(TokenVerb.Link(terminal));
        return group;
    }

    private static async Task<int> StatusAsync(CliContext context, CancellationToken cancellation)
    {
        if (context.ChosenServer is null && EmbeddedServer.Find(context.Folder) is null)
        {
            if (context.Json)
            {
                context.PrintJson(new { running = false });
            }
            else
            {
                context.Print([$"no server runs on {context.Folder.Root}"]);
            }

            return ExitCodes.Unreachable;
        }

        using var api = await context.ConnectAsync(cancellation);
        var version = await api.GetAsync<VersionReply>("version", cancellation);
        var url = api.Address.GetLeftPart(UriPartial.Authority);
        if (context.Json)
        {
            context.PrintJson(new { running = true, url, version.Version, version.Pid, version.StartedAt, version.DataFolder, version.Recovered });
        }
        else
        {
            context.Print([$"running at {url}, pid {version.Pid}, version {version.Version}, up {Say.For(context.Now - version.StartedAt)}, data in {version.DataFolder}"]);
            if (version.Recovered is { } why)
            {
                context.Print([context.Terminal.Paint.Warn(Clean.Line($"recovered mode: {why}; orchestrator recover"))]);
            }
        }

        return ExitCodes.Done;
    }

    private static async Task<int> StopAsync(CliContext context, CancellationToken cancellation)
    {
        var record = EmbeddedServer.Find(context.Folder);
        if (record is not null)
        {
            record.Process.TrySignal(Terminate);
            if (!await record.Process.WaitForExitAsync(StopLimit, cancellation))
            {
                // Safe at any moment, as every crash is: what it owed is in the database.
                record.Process.TrySignal(Kill);
                await record.Process.WaitForExitAsync(StopLimit, cancellation);
            }

            record.Remove(context.Folder);
        }

        // Whatever orchestrator.yaml says by now, or whether it can be read at all: a PostgreSQL in our data folder is ours to stop.
        await EmbeddedPostgres.StopAsync(context.Folder.Root, NullLogger.Instance, cancellation);

        if (context.Json)
        {
            context.PrintJson(new { stopped = record is not null });
        }
        else
        {
            context.Print([record is null ? $"no server ran on {context.Folder.Root}" : $"stopped (pid {record.Pid}); jobs go on training, the next command finds them"]);
        }

        return ExitCodes.Done;
    }
}
