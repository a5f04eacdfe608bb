using System.Globalization;
using Orchestrator.Agent.Native;

namespace Orchestrator.Agent.Checkpoints;

/// <summary>Whether any process we may look into has a file of an entry open for writing.</summary>
internal static class OpenFiles
{
    private const int AccessMode = 3;

    /// <summary>Files are known by device and inode: a path would miss who came through a link or another name.</summary>
    public static bool AnyWriter(EntrySnapshot entry)
    {
        var wanted = entry.Files.Select(file => (file.Stat.Device, file.Stat.Inode)).ToHashSet();
        foreach (var process in Directory.EnumerateDirectories("/proc"))
        {
            if (!char.IsAsciiDigit(Path.GetFileName(process)[0]))
            {
                continue;
            }

            try
            {
                foreach (var descriptor in Directory.EnumerateFileSystemEntries(process + "/fd"))
                {
                    if (FileStat.Of(descriptor, follow: true) is { IsRegular: true } open && wanted.Contains((open.Device, open.Inode))
                        && OpenForWriting(process + "/fdinfo/" + Path.GetFileName(descriptor)))
                    {
                        return true;
                    }
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It ended, or is another user's.
            }
        }

        return false;
    }

    private static bool OpenForWriting(string info)
    {
        var line = File.ReadLines(info).FirstOrDefault(one => one.StartsWith("flags:", StringComparison.Ordinal));
        return line is not null && (Convert.ToInt32(line["flags:".Length..].Trim()[^1].ToString(CultureInfo.InvariantCulture), 8) & AccessMode) != 0;
    }
}
