namespace Orchestrator.Agent;

/// <summary>Tells a disk (or a quota) that is full from all else that may be wrong with a file.</summary>
internal static class DiskFull
{
    private const int NoSpace = 28;
    private const int QuotaExceeded = 122;

    private const long Nothing = 1L << 20;
    private const long Little = 64L << 20;

    /// <summary>
    /// In the words of the C library, which every language passes on. A full /dev/shm and a watch too many say the same, so they count
    /// only where a disk of the job's has next to nothing left; no disk shows what is left of a quota.
    /// </summary>
    /// <param name="log">The trainer's last words.</param>
    /// <param name="folders">Where it may have written.</param>
    public static bool IsMeantBy(string log, ReadOnlySpan<string> folders)
    {
        if (log.Contains("No space left on device", StringComparison.Ordinal))
        {
            foreach (var folder in folders)
            {
                if (IsBelow(folder, Little, 100))
                {
                    return true;
                }
            }
        }

        return log.Contains("Disk quota exceeded", StringComparison.Ordinal);
    }

    public static bool IsAt(string folder) => IsBelow(folder, Nothing, long.MaxValue);

    private static bool IsBelow(string folder, long bytes, long part)
    {
        try
        {
            var disk = new DriveInfo(folder);
            return disk.AvailableFreeSpace < Math.Max(bytes, disk.TotalSize / part);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    public static bool IsSaidBy(Exception e) => e is IOException { HResult: NoSpace or QuotaExceeded };
}
