using System.Globalization;

namespace Orchestrator.Agent.Checkpoints;

/// <summary>Whether any process we may look into has a file open for writing at or below a path.</summary>
internal static class OpenFiles
{
    private const int AccessMode = 3;

    public static bool AnyWriterBelow(string path)
    {
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
                    var target = File.ResolveLinkTarget(descriptor, returnFinalTarget: false)?.FullName;
                    if (target is not null && (target == path || target.StartsWith(path + "/", StringComparison.Ordinal))
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
