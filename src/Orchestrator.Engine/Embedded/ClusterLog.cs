namespace Orchestrator.Engine.Embedded;

/// <summary>The log that the postmaster appends to for as long as it lives.</summary>
internal static class ClusterLog
{
    private const long TrimAbove = 8 * 1024 * 1024;

    /// <summary>
    /// Keeps one older generation. The file is emptied in place, never renamed: the postmaster has it open for appending
    /// and would follow the old one. A line written between the copy and the cut is lost, which a log can bear.
    /// </summary>
    internal static void Trim(ClusterFolder folder)
    {
        var log = new FileInfo(folder.LogFile);
        if (!log.Exists || log.Length <= TrimAbove)
        {
            return;
        }

        log.CopyTo(folder.LogFile + ".1", overwrite: true);
        using var file = new FileStream(folder.LogFile, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        file.SetLength(0);
    }

    internal static long SizeOf(string data)
    {
        var options = new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint };
        return Directory.Exists(data) ? new DirectoryInfo(data).EnumerateFiles("*", options).Sum(SizeOrNothing) : 0;
    }

    private static long SizeOrNothing(FileInfo file)
    {
        try
        {
            return file.Length;
        }
        catch (FileNotFoundException)
        {
            // A running cluster removes files all the time.
            return 0;
        }
    }
}
