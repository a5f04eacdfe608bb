using System.Formats.Tar;
using Orchestrator.Checkpoints;
using Orchestrator.Server.Views;

namespace Orchestrator.Server.Cli.Reaching;

/// <summary>
/// Writes what a host sends as a tar stream. The host is not trusted: whatever it names lands at the target or below it, as plain
/// files and folders; symbolic links and devices are left out and counted.
/// </summary>
internal static class ReceivedFiles
{
    private const UnixFileMode Permissions = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private const UnixFileMode OwnerAccess = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <param name="tar">The stream.</param>
    /// <param name="name">What was asked for: the first part of every name in it.</param>
    /// <param name="target">What it is called here.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>Files written, bytes, and entries left out.</returns>
    internal static async Task<(int Files, long Bytes, int LeftOut)> WriteAsync(Stream tar, string name, string target, CancellationToken cancellation)
    {
        var (files, bytes, leftOut) = (0, 0L, 0);
        await using var reader = new TarReader(tar, leaveOpen: true);
        while (await reader.GetNextEntryAsync(copyData: false, cancellation) is { } entry)
        {
            var path = Place(entry.Name, name, target);
            switch (entry.EntryType)
            {
                case TarEntryType.Directory:
                    Directory.CreateDirectory(path);
                    break;
                case TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile:
                    await WriteAsync(entry, path, cancellation);
                    files++;
                    bytes += entry.Length;
                    break;
                case TarEntryType.HardLink when Place(entry.LinkName, name, target) is var first && File.Exists(first):
                    // One file under two names there, two files here.
                    Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                    File.Copy(first, path, overwrite: true);
                    files++;
                    bytes += new FileInfo(path).Length;
                    break;
                case TarEntryType.GlobalExtendedAttributes:
                    break;
                default:
                    leftOut++;
                    break;
            }
        }

        return (files, bytes, leftOut);
    }

    private static async Task WriteAsync(TarEntry entry, string path, CancellationToken cancellation)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        // Not through what lies there: it may be a link.
        File.Delete(path);
        await using var file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Options = FileOptions.Asynchronous,
            UnixCreateMode = (entry.Mode & Permissions) | OwnerAccess,
        });
        if (entry.DataStream is { } data)
        {
            await data.CopyToAsync(file, cancellation);
        }
    }

    private static string Place(string named, string name, string target)
    {
        var path = named.TrimEnd('/');
        return path == name ? target
            : path.StartsWith(name + "/", StringComparison.Ordinal) && EntryPaths.Problem(path[(name.Length + 1)..]) is null ? Path.Combine(target, path[(name.Length + 1)..])
            : throw new CliException(ExitCodes.Unreachable, $"the host sends \"{Clean.Line(named, 200)}\" where only {Clean.Line(name, 200)} was asked for", "nothing more was taken from it");
    }
}
