namespace Orchestrator.Agent;

/// <summary>Tells a disk (or a quota) that is full from all else that may be wrong with a file.</summary>
internal static class DiskFull
{
    private const int NoSpace = 28;
    private const int QuotaExceeded = 122;

    private const long Nothing = 1L << 20;

    /// <summary>In the words of the C library, which every language passes on.</summary>
    public static bool IsSaidIn(string log) =>
        log.Contains("No space left on device", StringComparison.Ordinal) || log.Contains("Disk quota exceeded", StringComparison.Ordinal);

    public static bool IsAt(string folder)
    {
        try
        {
            return new DriveInfo(folder).AvailableFreeSpace < Nothing;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    public static bool IsSaidBy(Exception e) => e is IOException { HResult: NoSpace or QuotaExceeded };
}
