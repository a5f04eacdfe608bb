using System.Globalization;
using Microsoft.Extensions.Logging;
using Orchestrator.Engine.Processes;

namespace Orchestrator.Engine.Embedded;

/// <summary>The first start: an empty cluster by initdb.</summary>
internal static class ClusterCreation
{
    /// <summary>An empty cluster takes 40 MB, its write-ahead log grows to some 256 MB.</summary>
    private const long NeededBytes = 300L * 1024 * 1024;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    internal static async Task RunAsync(ClusterFolder folder, ClusterUser user, PostgresBinaries binaries, ILogger logger, CancellationToken cancellationToken)
    {
        var free = new DriveInfo(folder.Root).AvailableFreeSpace;
        if (free < NeededBytes)
        {
            throw new EmbeddedPostgresException(string.Create(CultureInfo.InvariantCulture,
                $"the disk of {folder.Root} has {free >> 20} MB free and PostgreSQL needs {NeededBytes >> 20} MB; make room or use another data folder with --data"));
        }

        if (Directory.Exists(folder.Data) && Directory.EnumerateFileSystemEntries(folder.Data).Any())
        {
            throw new EmbeddedPostgresException($"{folder.Data} has files in it but is no PostgreSQL cluster (no PG_VERSION); move it away and try again");
        }

        logger.LogInformation("Creating the embedded PostgreSQL {Major} cluster in {Folder}", binaries.Major, folder.Data);
        if (Directory.Exists(folder.Unfinished))
        {
            Directory.Delete(folder.Unfinished, recursive: true);
        }

        Directory.CreateDirectory(folder.Unfinished, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        if (user.IsOther)
        {
            PosixFiles.ChangeOwner(folder.Unfinished, user.UserId, user.GroupId);
        }

        await RunInitDbAsync(folder, user, binaries, cancellationToken);
        if (Directory.Exists(folder.Data))
        {
            Directory.Delete(folder.Data);
        }

        Directory.Move(folder.Unfinished, folder.Data);
    }

    private static async Task RunInitDbAsync(ClusterFolder folder, ClusterUser user, PostgresBinaries binaries, CancellationToken cancellationToken)
    {
        // The C locale sorts by bytes: the same order everywhere, as ordinal comparison in C#.
        var command = user.Command(
            binaries.InitDb,
            "--pgdata=" + folder.Unfinished,
            "--username=" + ClusterConfiguration.Role,
            "--encoding=UTF8",
            "--no-locale",
            "--auth=peer",
            "--data-checksums",
            "--no-instructions");
        var result = await ShortCommand.RunAsync(command, user.Variables, Limit, cancellationToken);
        if (result.ExitCode != 0)
        {
            throw StartFailure.Explain("initdb cannot create the cluster in " + folder.Root, result.Output + "\n" + result.Problems, "its output");
        }
    }
}
