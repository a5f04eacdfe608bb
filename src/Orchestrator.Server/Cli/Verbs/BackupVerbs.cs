using System.CommandLine;
using Microsoft.Extensions.Logging.Abstractions;
using Orchestrator.Engine.Backups;
using Orchestrator.Engine.Configuration;
using Orchestrator.Engine.Embedded;
using Orchestrator.Engine.Processes;
using Orchestrator.Server.Composition;
using Orchestrator.Server.Configuration;
using Orchestrator.Server.Views;

namespace Orchestrator.Server.Cli.Verbs;

/// <summary><c>server backup</c> and <c>server restore</c>: on the server's machine, and without the server, which may be what is broken.</summary>
internal static class BackupVerbs
{
    internal static Command Backup(Terminal terminal)
    {
        var file = new Argument<string>("file") { Description = "Of the backup; must not exist", HelpName = "FILE" };
        return Verb.Create("backup", "Write the database, keys and settings into one file, while it runs or not", terminal, (context, cancellation) => AttemptAsync(context, async () =>
        {
            var path = Path.GetFullPath(context.Parsed.GetRequiredValue(file));
            var (folder, configuration) = (context.Folder, context.Configuration());
            var named = DatabaseOf(configuration);
            if (named is null && EmbeddedPostgres.Status(folder.Root).MajorVersion is null)
            {
                throw new CliException(ExitCodes.Usage, $"there is no database in {folder.Root}", "name the server's data folder with --data");
            }

            await using var database = await OpenAsync(folder, named, cancellation);
            var manifest = await BackupWriter.WriteAsync(path, database.Connection, folder, configuration.Path, ProductVersion.Text, cancellation);
            var bytes = new FileInfo(path).Length;
            if (context.Json)
            {
                context.PrintJson(new { file = path, bytes, manifest.At, manifest.Epoch, manifest.Version, rows = manifest.Tables.Sum(table => table.Rows), files = manifest.Files.Select(one => one.Name) });
                return ExitCodes.Done;
            }

            context.Print(
            [
                $"wrote {path}, {Say.Size(bytes)}: {Say.Count(manifest.Tables.Sum(table => table.Rows))} rows of {manifest.Tables.Length} tables, {string.Join(", ", manifest.Files.Select(one => Clean.Line(one.Name, 80)))}",
                "it opens everything that this installation opens (token, secrets and their key): keep it as you keep those",
                $"not in it: checkpoints and outputs, which lie in the stores ({folder.Store} is one), and files that orchestrator.yaml names elsewhere, such as SSH keys",
            ]);
            return ExitCodes.Done;
        }), file);
    }

    internal static Command Restore(Terminal terminal)
    {
        var file = new Argument<string>("file") { Description = "That server backup has written", HelpName = "FILE" };
        var force = new Option<bool>("--force") { Description = "Replace an installation that is there" };
        return Verb.Create("restore", "Put a backup into this data folder and its database; the server then waits for recover", terminal, (context, cancellation) => AttemptAsync(context, async () =>
        {
            using var archive = BackupArchive.Open(context.Parsed.GetRequiredValue(file));
            await archive.VerifyAsync(cancellation);
            var folder = DataFolder.Create(context.Folder.Root);
            using var alone = FileLock.TryAcquire(ServerProgram.LockPathOf(folder))
                ?? throw new CliException(ExitCodes.Policy, $"a server runs on {folder.Root}", "stop it first: orchestrator server stop");
            var present = context.Configuration();
            using var files = RestoredFiles.Stage(archive, folder, withConfiguration: present.Path is null, context.Parsed.GetValue(force));
            var configuration = files.Configuration is { } own ? ServerConfigurationReader.Load(own, isNamed: true) : present;
            RestoredRows rows;
            await using (var database = await OpenAsync(folder, DatabaseOf(configuration), cancellation))
            {
                rows = await DatabaseRestore.RunAsync(archive, database.Connection, context.Parsed.GetValue(force), cancellation);
            }

            files.Place(context.Now);
            Tell(context, archive.Manifest, rows, files);
            return ExitCodes.Done;
        }), file, force);
    }

    private static void Tell(CliContext context, BackupManifest manifest, RestoredRows rows, RestoredFiles files)
    {
        if (context.Json)
        {
            context.PrintJson(new { restored = true, manifest.At, manifest.Epoch, manifest.Version, rows.Jobs, rows.Live, rows.Tokens, files = files.Count, files.Replaced });
            return;
        }

        context.Print(
        [
            $"restored {rows.Jobs} job{(rows.Jobs == 1 ? "" : "s")}, {rows.Live} of them live, and {files.Count} files, as of {manifest.At.UtcDateTime:yyyy-MM-dd HH:mm} UTC",
            .. files.Replaced is { } kept ? [$"what they replaced lies in {kept}"] : Array.Empty<string>(),
            .. rows.Tokens > 0 ? [$"{rows.Tokens} tokens and links open something, those too that were revoked after the backup: orchestrator server token list"] : Array.Empty<string>(),
            "the server begins in recovered mode: nothing is rented or destroyed until you have looked (`orchestrator doctor` says what runs) and say: orchestrator recover --confirm",
            "if the old server is still there, stop it before that: afterwards both would look after the same jobs",
        ]);
    }

    private static string? DatabaseOf(ServerConfiguration configuration) =>
        Environment.GetEnvironmentVariable(ServerConfiguration.DatabaseVariable) is { Length: > 0 } named ? named : configuration.Database;

    /// <summary>A cluster of our own that did not run is stopped again afterwards.</summary>
    private static async Task<OpenedDatabase> OpenAsync(DataFolder folder, string? named, CancellationToken cancellation)
    {
        if (named is not null)
        {
            return new(EngineWiring.Check(named)!, null);
        }

        var ran = EmbeddedPostgres.Status(folder.Root).Running;
        return new(await EmbeddedPostgres.EnsureRunningAsync(folder.Root, NullLogger.Instance, cancellation), ran ? null : folder);
    }

    private static async Task<int> AttemptAsync(CliContext context, Func<Task<int>> run)
    {
        if (context.ChosenServer is not null)
        {
            throw new CliException(ExitCodes.Usage, "a backup is made and restored on the server's own machine", "run it there, without --server");
        }

        try
        {
            return await run();
        }
        catch (BackupException refused)
        {
            throw new CliException(refused.NeedsForce ? ExitCodes.Policy : ExitCodes.Usage, refused.Message, refused.WhatToDo);
        }
        catch (TimeoutException busy)
        {
            throw new CliException(ExitCodes.Policy, busy.Message, "the secrets key is being rotated; try again when that is over");
        }
        catch (Npgsql.NpgsqlException away)
        {
            throw new CliException(ExitCodes.Unreachable, $"the database does not answer as it should, and nothing was changed: {away.InnerException?.Message ?? away.Message}", "see `orchestrator server status`");
        }
    }

    private sealed record OpenedDatabase(string Connection, DataFolder? Started) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            if (Started is { } folder)
            {
                await EmbeddedPostgres.StopAsync(folder.Root, NullLogger.Instance, CancellationToken.None);
            }
        }
    }
}
