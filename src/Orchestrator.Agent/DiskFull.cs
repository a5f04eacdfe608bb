namespace Orchestrator.Agent;

/// <summary>Tells a disk (or a quota) that is full from all else that may be wrong with a file.</summary>
internal static class DiskFull
{
    private const int NoSpace = 28;
    private const int QuotaExceeded = 122;

    public static bool IsSaidBy(Exception e) => e is IOException { HResult: NoSpace or QuotaExceeded };
}
